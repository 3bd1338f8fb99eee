"""Real processes under real faults: `make faults` (sync.md §4.8).

    twin ──┐
           ├──► FaultProxy ──► backend          one lane: a district, two long-lived twins
    twin ──┘     drop delay cut half-open duplicate

    run:  50 commands through the twins' doors, faults from a mix drawn by the run's seed
          (SIGKILL, full disk, short writes, power cut, last night's backup put back)
          ──► heal ──► wait until the backlog has drained without a new command ──► oracle

The oracle reads the databases themselves: what was told as saved is in a journal, what a journal
calls applied is in the server's log exactly once, what it calls refused is not, nothing stands
still, every file passes `integrity_check`.
"""
