"""Opens objects with Google's own tink: KEYSET_JSON ROOT CLUSTER NAME… One line each: SHA-256 of the content, name."""

import hashlib
import os
import sys

import tink
from tink import secret_key_access, streaming_aead

keyset, root, cluster, *names = sys.argv[1:]
streaming_aead.register()
with open(keyset, encoding="utf-8") as file:
    handle = tink.json_proto_keyset_format.parse(file.read(), secret_key_access.TOKEN)
primitive = handle.primitive(streaming_aead.StreamingAead)
for name in names:
    associated = f"tidemark:1:{cluster}:{name}".encode("utf-8")
    with open(os.path.join(root, name), "rb") as sealed:
        with primitive.new_decrypting_stream(sealed, associated) as stream:
            print(hashlib.sha256(stream.read()).hexdigest(), name)
