/** Letters on paper to people: how their codes reach them before anything else does. The only package that knows PDF. */
@NullMarked
package tg.gouv.messagerie.directory.letters;

import org.jspecify.annotations.NullMarked;
