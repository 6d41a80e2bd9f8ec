"""What may go wrong between a worker and PostgreSQL, by what helps: time, less at once, parking."""

import asyncpg

TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidTransactionStateError,  # its children: transactions that took too long
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What passes by itself. All else of PostgreSQL's is a defect: of ours, or of the schema."""

TOO_SLOW = (TimeoutError, asyncpg.QueryCanceledError, asyncpg.InvalidTransactionStateError)
"""What a chunk may have been too large for, on a machine that is too busy."""

REFUSED = asyncpg.DataError
"""What one event can cause: the chunk is halved until that event is found and parked.

asyncpg raises it for what it cannot encode, too. A fold raises nothing for an event, so what else
comes is a defect of ours, and parking would pass event after event for it.
"""
