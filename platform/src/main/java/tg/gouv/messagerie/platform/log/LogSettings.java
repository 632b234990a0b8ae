package tg.gouv.messagerie.platform.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** What is logged, where, and how much of it is kept. */
public record LogSettings(
        @Doc(
                value =
                        "The least grave events that are logged: error (wakes someone), warn (can wait until morning), info"
                                + " (life cycle), debug, trace (protocol transcripts without credentials or bodies). Libraries"
                                + " never log below info: some write credentials there.",
                byDefault = "\"info\"")
        Level level,

        @Doc(
                "The log file; without it, log/messagerie.log in the data directory. The files of earlier days are beside it.")
        Optional<Path> file,

        @Doc(value = "How long the files of earlier days are kept.", byDefault = "\"30d\"")
        Duration keep,

        @Doc(value = "A file that reaches this size is closed before its day is over.", byDefault = "\"100MB\"")
        ByteSize fileSizeMax,

        @Doc(value = "How much all log files together may take; the oldest are removed first.", byDefault = "\"2GB\"")
        ByteSize totalSizeMax) {

    /** How grave an event is. */
    public enum Level {
        /** Wakes someone. */
        ERROR,
        /** Can wait until morning. */
        WARN,
        /** Life cycle. */
        INFO,
        /** What a maintainer wants to know. */
        DEBUG,
        /** Protocol transcripts, without credentials or bodies. */
        TRACE
    }

    public LogSettings {
        if (keep.compareTo(Duration.ofDays(1)) < 0 || !keep.equals(Duration.ofDays(keep.toDays()))) {
            throw new IllegalArgumentException("keep must be a number of whole days, such as 30d");
        }
        if (keep.toDays() > 3_650) {
            throw new IllegalArgumentException("keep must be 3650d or less");
        }
        if (fileSizeMax.bytes() < 64 << 10) {
            throw new IllegalArgumentException("file-size-max must be 64KB or more");
        }
        if (totalSizeMax.bytes() / 2 < fileSizeMax.bytes()) {
            throw new IllegalArgumentException("total-size-max must be twice file-size-max or more");
        }
    }

    /** Every default. */
    public static LogSettings byDefault() {
        return new LogSettings(
                Level.INFO, Optional.empty(), Duration.ofDays(30), ByteSize.parse("100MB"), ByteSize.parse("2GB"));
    }
}
