package tg.gouv.messagerie.platform.settings;

import java.nio.file.Path;
import java.util.List;

/** How values of one type are written in a settings file. */
interface Notation {
    /**
     * The value that is written.
     *
     * @param written what TOML makes of it
     * @param baseDirectory where relative paths begin
     */
    Reading read(Object written, Path baseDirectory);

    /** The value in effect, in TOML. */
    default String shown(Object written, Object value) {
        return TomlLiteral.of(written);
    }

    /** What the manual calls such values. */
    String called();

    /** Such a value, in TOML, for a setting that has no default. */
    String example();

    /** What came of reading a value. */
    sealed interface Reading {
        /** It is one. */
        record Value(Object value) implements Reading {}

        /** It is none, because of this. */
        record Misfit(String sentence, List<String> values) implements Reading {
            Misfit(String sentence, String... values) {
                this(sentence, List.of(values));
            }
        }
    }
}
