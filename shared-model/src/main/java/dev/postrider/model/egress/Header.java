// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

/** One header line, sent byte for byte as given; names are compared without case by receivers. */
public record Header(String name, String value) {}
