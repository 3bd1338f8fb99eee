"""The wire: Structs for every request, response and problem, shared by client and backend."""
