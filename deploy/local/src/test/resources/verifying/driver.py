# SPDX-FileCopyrightText: Postrider contributors
# SPDX-License-Identifier: Apache-2.0
"""A line per request in; a line per verdict out."""

import base64
import json
import sys

from verify_standard_webhooks import verify_standard_webhooks
from verify_timestamped_hex import verify_timestamped_hex
from verify_zenduty import verify_zenduty
from verify_zenduty_reserialized import verify_zenduty_reserialized

for line in sys.stdin:
    scheme, secret, id, timestamp, signature, encoded = line.rstrip("\n").split("\t")
    body = base64.b64decode(encoded)
    if scheme == "standard_webhooks":
        valid = verify_standard_webhooks(secret, id, timestamp, signature, body)
    elif scheme == "timestamped_hex":
        valid = verify_timestamped_hex(secret, timestamp, signature, body)
    elif scheme == "zenduty":
        valid = verify_zenduty(secret, signature, body)
    else:
        valid = verify_zenduty_reserialized(secret, signature, json.loads(body))
    print("true" if valid else "false")
