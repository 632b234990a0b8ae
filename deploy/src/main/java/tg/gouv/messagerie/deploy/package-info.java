/**
 * The program's parts list: the only place that constructs one capability for another.
 */
@NullMarked
package tg.gouv.messagerie.deploy;

import org.jspecify.annotations.NullMarked;
