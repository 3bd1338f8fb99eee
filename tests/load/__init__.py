"""`make load`: a district's workstations, detectors and trucks, simulated over two real backend
processes and a real PostgreSQL, one of them killed in the middle (docs/load.md).
"""
