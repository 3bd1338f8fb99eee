"""The demonstration district: its world, its records at the opening of a shift, and the day that
goes on from there.

    world ─► seed (judged commands, a closed period) ─► store        at the first start
          └► pictures (workers) ─► media · second looks · detections   while it runs
"""
