/** Two files of sentences that do not agree, for the test of the test. */
@NullMarked
package tg.gouv.messagerie.platform.language.disagreeing;

import org.jspecify.annotations.NullMarked;
