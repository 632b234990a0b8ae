/**
 * Large immutable bytes, written once, checked on read.
 */
@NullMarked
package tg.gouv.messagerie.platform.blobs;

import org.jspecify.annotations.NullMarked;
