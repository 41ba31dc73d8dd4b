// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
// Tells the window that has opened this one what came of it, and closes. An issuer's page may have
// cut the two apart, so it is said on a channel as well, which other pages of ours hear.
const { status, destination } = document.getElementById('outcome').dataset;
const result = { source: 'postrider-oauth', status, destination };
if (window.opener) {
  window.opener.postMessage(result, window.location.origin);
}
const channel = new BroadcastChannel('postrider-oauth');
channel.postMessage(result);
channel.close();
window.close();
