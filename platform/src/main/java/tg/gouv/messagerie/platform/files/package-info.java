/** Small files that must be whole, whatever stops the machine. */
@NullMarked
package tg.gouv.messagerie.platform.files;

import org.jspecify.annotations.NullMarked;
