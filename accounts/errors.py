"""What this room refuses, as types.

AccountsError
├── EmailTaken       registering an e-mail that has an account; nothing was written
├── Breached         everybody tries this password first; nothing was written
├── WrongPassword    the password given as the present one is not; nothing was written
├── HashingBusy      too many passwords wait to be hashed; nothing was checked, try again
├── LeaseLost        a piece of poll work is no longer held by this lease; nothing was written
├── NoSuchMember     nobody with this id is a member of the workspace; nothing was written
├── LastOwner        the workspace would be left without an owner; nothing was written
├── OwnersAlone      only an owner may make or touch an owner; nothing was written
├── AlreadyMember    who is to join is a member; the invitation stays as it was
├── NoSuchInvitation no invitation has this id or token; nothing was written
├── InvitationOver   it was accepted, revoked, or has expired; nothing was written
├── ForAnother       the invitation is bound to another e-mail; it stays as it was
├── DemoConflict     the demo's e-mail belongs to someone else; nothing was seeded
└── VaultError       something cannot be sealed or opened
    ├── BadKeyRing        a text that is no key ring
    ├── SealBroken        a record does not open in this place: damaged, or not this place's
    ├── MasterKeyUnknown  the key ring lacks the master key that wraps a data key
    ├── MasterKeyRetired  the key ring's first key was rotated out; nothing was sealed
    └── KeyUsedUp         a master key has wrapped as much as it may; nothing was sealed
"""


class AccountsError(Exception):
    """Anything that accounts/ refuses."""


class EmailTaken(AccountsError):
    """This e-mail has an account already."""


class Breached(AccountsError):
    """The password is on the list of breached ones, or names the account."""


class WrongPassword(AccountsError):
    """This is not the account's password."""


class HashingBusy(AccountsError):
    """The queue for password hashing is full."""


class LeaseLost(AccountsError):
    """The piece was taken by someone else, or re-armed, since this lease was given."""


class NoSuchMember(AccountsError):
    """The workspace has no such member."""


class LastOwner(AccountsError):
    """Somebody must own a workspace: this is the only one who does."""


class OwnersAlone(AccountsError):
    """An admin who could make an owner would be one."""


class AlreadyMember(AccountsError):
    """They are a member of the workspace already."""


class NoSuchInvitation(AccountsError):
    """No invitation has this id in this workspace, or this token in any."""


class InvitationOver(AccountsError):
    """Accepted, revoked or expired: which of them is not said."""


class ForAnother(AccountsError):
    """Only the account with the invitation's e-mail may accept it."""


class DemoConflict(AccountsError):
    """An account that is not the demo's holds one of the demo's e-mails."""


class VaultError(AccountsError):
    """The vault cannot seal or open. No word of it is a secret."""


class BadKeyRing(VaultError):
    """What should be a key ring is none; says why without a key."""


class SealBroken(VaultError):
    """One bit of the record, or the place that it is said to lie in, is another than at sealing."""


class MasterKeyUnknown(VaultError):
    """A data key is wrapped by a master key that the key ring lacks."""


class MasterKeyRetired(VaultError):
    """Whoever rotated believes that this master key can be thrown away."""


class KeyUsedUp(VaultError):
    """Random nonces may repeat beyond so many uses."""
