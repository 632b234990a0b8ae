/**
 * The one settings file: TOML read into records, every problem at once, with its line.
 */
@NullMarked
package tg.gouv.messagerie.platform.settings;

import org.jspecify.annotations.NullMarked;
