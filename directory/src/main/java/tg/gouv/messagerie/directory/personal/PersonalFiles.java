package tg.gouv.messagerie.directory.personal;

import java.io.IOException;
import java.io.OutputStream;
import tg.gouv.messagerie.directory.AccountId;

/** A part of the program that keeps something of people, and can write it out for one of them. */
@FunctionalInterface
public interface PersonalFiles {
    /**
     * Writes all that this part keeps of an account, in bounded memory; the caller has judged that it may be read.
     *
     * @throws IOException if the archive cannot be written
     */
    void write(AccountId account, Archive archive) throws IOException;

    /** The archive that is being written. */
    interface Archive {
        /**
         * Adds a file; the files come one after the other.
         *
         * @param name a path with {@code /}, which no other file of the archive has
         */
        void file(String name, Content content) throws IOException;
    }

    /** What is in a file. */
    @FunctionalInterface
    interface Content {
        /** Writes it; the stream stays the archive's to close. */
        void write(OutputStream to) throws IOException;
    }
}
