/**
 * Many people, entities or positions at once, out of a file: reading it, the addresses it leads to, what would change. No I/O but the
 * file's own stream.
 */
@NullMarked
package tg.gouv.messagerie.directory.imports;

import org.jspecify.annotations.NullMarked;
