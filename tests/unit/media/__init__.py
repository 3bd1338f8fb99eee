"""Media without Qt: the buffer, the watch, the course, and real libVLC on real streams."""
