package tg.gouv.messagerie.directory.imports;

import java.io.IOException;
import java.util.Optional;

/** A file row by row, in memory that does not grow with the file. */
public sealed interface Rows permits CsvReader, LdifReader {
    /** The next row, or none at the end of the file; one that cannot be read says where and why. */
    Optional<CsvRow> next() throws IOException;

    /** The encoding that the file is read in, as people know it. */
    String encoding();

    /** What stands between cells. */
    char delimiter();

    /** How the file is written. */
    ImportFile.Format format();
}
