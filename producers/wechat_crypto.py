"""Signatures and encryption of the WeChat official-account callback ("safe mode"); pure.

The key is base64 of EncodingAESKey + "=": AES-256 in CBC, its first 16 bytes the initial vector, padded to blocks of
32. Within: 16 random bytes, the length (4 bytes, big-endian), the message, the AppID.
"""

import base64
import binascii
import hmac
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["WechatCipher", "is_signed"]

_BLOCK = 32
_RANDOM = 16
_LENGTH = 4


def is_signed(signature: str, *parts: str) -> bool:
    """Whether it is the SHA-1 of the sorted parts put together; compared in constant time.

    >>> is_signed("6c729cc5480fab0c2e594b7e25a93d2dbef6ab97", "123456", "1411525903", "461056294")
    True
    """
    expected = sha1("".join(sorted(parts)).encode(errors="replace"), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))


class WechatCipher:
    """Takes messages out of their encryption."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        """Set it up.

        Raises:
            ValueError: EncodingAESKey is not 43 characters of base64.
        """
        try:
            key = base64.b64decode(aes_key + "=", validate=True)
        except binascii.Error:
            raise ValueError("EncodingAESKey is no base64") from None
        if len(key) != _BLOCK:
            raise ValueError("EncodingAESKey is not 43 characters of base64")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message's XML.

        Raises:
            ValueError: it is not encrypted for us; without a word of why, which an attacker could learn from.
        """
        try:
            packed = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher.decryptor()
            plain = decryptor.update(packed) + decryptor.finalize()
        except (binascii.Error, ValueError):
            raise ValueError("not encrypted for us") from None
        padding = plain[-1] if plain else 0
        is_padded = 0 < padding <= _BLOCK and plain.endswith(bytes((padding,)) * padding)
        content = plain[_RANDOM:-padding] if is_padded else b""
        size = int.from_bytes(content[:_LENGTH], "big")
        message, app_id = content[_LENGTH : _LENGTH + size], content[_LENGTH + size :]
        if not is_padded or not hmac.compare_digest(app_id, self._app_id):
            raise ValueError("not encrypted for us")
        return message
