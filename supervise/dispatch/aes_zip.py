"""The only door to pyzipper: an AES-256 archive whose salts are given, not drawn.

Imported where an archive is made or opened, because the package is an extra.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from typing import Any

from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter
from pyzipper import WZ_AES, ZIP_DEFLATED, AESZipFile, BadZipFile, zipfile_aes

__all__ = ["BadZipFile", "opened", "put", "writable"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_FILE = 0o100600 << 16
_UNIX = 3
_KEY = 32
_ROUNDS = 1000
"""As the format (WinZip AE-2) prescribes."""


class _Encrypter(zipfile_aes.AESZipEncrypter):  # type: ignore[misc]  # pyzipper carries no types
    """pyzipper's own, keyed anew with a salt that was given."""

    def __init__(self, passphrase: bytes, salt: bytes) -> None:
        super().__init__(passphrase)
        keys = hashlib.pbkdf2_hmac("sha1", passphrase, salt, _ROUNDS, 2 * _KEY + 2)
        self.salt, self.encpwdverify = salt, keys[2 * _KEY :]
        counter = Counter.new(nbits=128, little_endian=True)
        self.encrypter = AES.new(keys[:_KEY], AES.MODE_CTR, counter=counter)
        self.hmac = hmac.new(keys[_KEY : 2 * _KEY], digestmod="sha1")


class _Archive(AESZipFile):  # type: ignore[misc]  # as above
    salt = b""

    def get_encrypter(self) -> _Encrypter:
        """What encrypts the entry that is being opened."""
        return _Encrypter(self.pwd, self.salt)


def writable(target: io.BytesIO, passphrase: str) -> Any:
    """An empty archive; a context manager."""
    archive = _Archive(target, "w", compression=ZIP_DEFLATED, encryption=WZ_AES)
    archive.setpassword(passphrase.encode())
    return archive


def put(archive: Any, name: str, data: bytes, salt: bytes) -> None:
    """Write one entry, dated like everything that is to be the same in every run."""
    archive.salt = salt
    entry = archive.zipinfo_cls(name, _EPOCH)
    entry.external_attr, entry.create_system = _FILE, _UNIX
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=_LEVEL)


def opened(data: bytes, passphrase: str) -> Any:
    """An archive to read from; a context manager.

    Raises:
        BadZipFile: It is none.
    """
    archive = AESZipFile(io.BytesIO(data))
    archive.setpassword(passphrase.encode())
    return archive
