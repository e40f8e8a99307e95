/**
 * What a server knows about an object, and the operations on it. One model for KMIP 1.x, where an attribute is a name and a value, and
 * 2.x, where it is a value under its own tag.
 * Start with {@link Attributes}; {@link Attribute} is one of them, {@link AttributeName} what it is called in both.
 * Flow: Structure -> Attributes.read -> state(), names(), ... and back through Attributes.criteria, template, ....
 * Unknown attributes are kept and passed over; one that may be there once is refused where it is there twice.
 * Source: KMIP 1.4 and 2.1 specifications, Attributes; differences: KMIP.md section 4.
 */
@NullMarked
package io.tidemark.kmip.message.attribute;

import org.jspecify.annotations.NullMarked;
