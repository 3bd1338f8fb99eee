"""The demonstration district: what it holds at the opening, its pictures, its running day."""
