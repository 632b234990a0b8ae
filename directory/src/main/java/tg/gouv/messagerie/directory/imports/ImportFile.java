package tg.gouv.messagerie.directory.imports;

import java.util.Set;

/** A file that was read, as those who tell what became of it know it. */
public sealed interface ImportFile permits PeopleFile, StructureFile {
    /** How a file is written. */
    enum Format {
        CSV,
        LDIF
    }

    /** How it is written. */
    Format format();

    /** How many rows the file has. */
    int count();

    /** The encoding it was read in. */
    String encoding();

    /** What stands between its cells. */
    char delimiter();

    /** The first row of a file of refused rows. */
    String refusedHeader();

    /** A refused row as it was, with why in the column of problems. */
    String refusedRow(int line, String why);

    /** Forgets the rows that are imported; those that are refused are given back. */
    void keepOnly(Set<Integer> lines);
}
