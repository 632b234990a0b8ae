/**
 * The one way in which the directory is written: acts that say how things should be, each durable and safe to repeat.
 */
@NullMarked
package tg.gouv.messagerie.directory.provisioning;

import org.jspecify.annotations.NullMarked;
