// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0

// A line per request in; a line per verdict out.
package main

import (
	"bufio"
	"encoding/base64"
	"os"
	"strconv"
	"strings"

	"driver/webhooks"
)

func main() {
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		request := strings.Split(requests.Text(), "\t")
		body, err := base64.StdEncoding.DecodeString(request[5])
		if err != nil {
			panic(err)
		}
		os.Stdout.WriteString(strconv.FormatBool(valid(request, body)) + "\n")
	}
}

func valid(request []string, body []byte) bool {
	secret, id, timestamp, signature := request[1], request[2], request[3], request[4]
	switch request[0] {
	case "standard_webhooks":
		return webhooks.VerifyStandardWebhooks(secret, id, timestamp, signature, body)
	case "timestamped_hex":
		return webhooks.VerifyTimestampedHex(secret, timestamp, signature, body)
	case "zenduty":
		return webhooks.VerifyZenduty(secret, signature, body)
	}
	panic(request[0])
}
