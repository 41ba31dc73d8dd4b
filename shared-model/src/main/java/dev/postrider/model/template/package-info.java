/**
 * Jinja templates that tenants write: compiled once, rendered over plain values, within bounds of
 * time and size. The only package that names Jinjava. It offers what is listed in {@code Offer} and
 * refuses everything else, above all to let a template name a Java method, read a file or render
 * another template.
 */
@NullMarked
package dev.postrider.model.template;

import org.jspecify.annotations.NullMarked;
