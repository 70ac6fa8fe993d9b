"""What would happen: the emulated world, moved on from the account's state alone.

Nothing here is painted. A task passes through the phases of its start, each of which asks the state
of the account whether it can; a running one is probed as its health check and its target group say;
a service replaces what died and ends a rollout as ECS does. So whatever breaks a deployment is a
change of the world, and undoing that change is what heals it.

``clock``       what time it is in the world, and how long things take
``conditions``  what no AWS call tells: which images are published, what the workload needs
``reach``       whether packets arrive: routes, gateways, endpoints, groups, ACLs
``start``       what stops a task's start, phase by phase, in ECS's own words
``process``     what the container's process does: where it listens, what it needs, when it dies
``probes``      the container's health check and the target group's
``placement``   where a task can run: quotas, addresses, hosts
``tasks``       one task's life, from its interface to its end
``rollouts``    one service: its deployments, its circuit breaker, its events
``engine``      moves all of it on to a moment
"""
