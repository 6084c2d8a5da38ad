"""Files → one AES-256 zip and back.

The same files under the same passphrase give the same bytes: a run that died after the first of
three mails makes the other two again, and the parts fit. For that the salts are derived from
passphrase, names and contents instead of drawn; slowly, so that it helps nobody to guess. Other
content has other salts, so no key stream is used twice. See docs/adr/0024.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import zlib
from collections.abc import Mapping
from types import ModuleType

from supervise.errors import DispatchError

_ROUNDS = 50_000
_SALT = 16


def seal(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """Encrypt files into a zip.

    Args:
        files: By name, in the order in which they are to stand.
        passphrase: Of the recipient; printable ASCII.

    Raises:
        DispatchError: ``package_missing``.
    """
    zips, target, key = _zips(), io.BytesIO(), _key(files, passphrase.encode())
    with zips.writable(target, passphrase) as archive:
        for name, data in files.items():
            salt = hmac.digest(key, name.encode(), "sha256")[:_SALT]
            zips.put(archive, name, data, salt)
    return target.getvalue()


def unseal(data: bytes, passphrase: str) -> dict[str, bytes]:
    """Decrypt a zip, every entry checked against its authentication code.

    Raises:
        DispatchError: ``not_opened``: another passphrase, or damaged; ``package_missing``.
    """
    zips = _zips()
    try:
        with zips.opened(data, passphrase) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zips.BadZipFile, zlib.error, RuntimeError, ValueError, OSError) as error:
        raise DispatchError(
            "加密包打不开",
            expected="用该机构的口令能打开、内容完整的加密包",
            fix="核对口令文件，再运行一次。",
            code="not_opened",
        ) from error


def require_package() -> None:
    """See whether zips can be encrypted at all.

    Raises:
        DispatchError: ``package_missing``.
    """
    _zips()


def _key(files: Mapping[str, bytes], secret: bytes) -> bytes:
    """What the salts of one parcel are derived with: another one for any other content."""
    told = hashlib.sha256()
    for name, data in files.items():
        told.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    return hashlib.pbkdf2_hmac("sha256", secret, told.digest(), _ROUNDS)


def _zips() -> ModuleType:
    try:
        from supervise.dispatch import aes_zip
    except ModuleNotFoundError as error:
        raise DispatchError(
            f"缺少加密打包所用的 {error.name}",
            expected="pip install 'supervise[distribute]'",
            fix="安装后再运行；或改用 --via folder。",
            code="package_missing",
        ) from error
    return aes_zip
