// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

/**
 * One rule that the input breaks.
 *
 * @param field dotted path of the field, as the caller wrote it
 * @param message the field, the rule and what was seen
 */
public record Violation(String field, String message) {}
