package tg.gouv.messagerie.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of the running program: a file, closed each day (UTC) and at a size, of which a bounded amount is kept. While it is
 * open nothing goes to the standard error, except that the log itself cannot be written.
 */
public final class Logs implements AutoCloseable {
    private static final String FOLDER_MODE = "rwx------"; // addresses and names are in there
    private static final String FILE_MODE = "rw-------";

    private final LoggerContext context;
    private final RollingFileAppender<ILoggingEvent> file;
    private final StatusListener complaints = Logs::complain;

    private Logs(LoggerContext context, RollingFileAppender<ILoggingEvent> file) {
        this.context = context;
        this.file = file;
    }

    /**
     * Opens the log; from its return every event goes to the file.
     *
     * @throws LogUnavailable if the file cannot be made or written; the standard error remains the log
     */
    public static Logs open(Path dataDirectory, LogSettings settings) {
        return open((LoggerContext) LoggerFactory.getILoggerFactory(), dataDirectory, settings);
    }

    static Logs open(LoggerContext context, Path dataDirectory, LogSettings settings) {
        Path file = settings.file()
                .orElse(dataDirectory.resolve("log/messagerie.log"))
                .toAbsolutePath();
        if (file.toString().indexOf('%') >= 0) {
            throw new LogUnavailable("the log " + file + " cannot be opened: its path must have no per cent sign");
        }
        try {
            prepare(file);
        } catch (AccessDeniedException e) {
            throw new LogUnavailable(
                    "the log " + file + " cannot be written by user " + System.getProperty("user.name"), e);
        } catch (IOException e) {
            throw new LogUnavailable("the log " + file + " cannot be written: " + e, e);
        }
        Logs logs = new Logs(context, appender(context, file, settings));
        context.getStatusManager().add(logs.complaints);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(logs.file);
        QuietStart.end(context);
        Loggers.limit(context, Level.valueOf(settings.level().name()));
        return logs;
    }

    /** Makes the folder and the file, for this user alone, and finds out now whether they can be written. */
    private static void prepare(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent(), "a file is in a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER_MODE)));
        }
        Files.newByteChannel(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)))
                .close();
    }

    private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path file, LogSettings settings) {
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        PrivateFile appender = new PrivateFile();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        appender.setEncoder(line);
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> days = new SizeAndTimeBasedRollingPolicy<>();
        days.setContext(context);
        days.setParent(appender);
        days.setFileNamePattern(earlier(file));
        days.setMaxFileSize(new FileSize(settings.fileSizeMax().bytes()));
        days.setMaxHistory(Math.toIntExact(settings.keep().toDays()));
        // Of the total, one file is the one being written.
        days.setTotalSizeCap(new FileSize(
                settings.totalSizeMax().bytes() - settings.fileSizeMax().bytes()));
        days.setCleanHistoryOnStart(true);
        days.start();
        appender.setRollingPolicy(days);
        appender.start();
        if (!appender.isStarted()) { // prepared above: our fault
            throw new IllegalStateException("the log " + file + " does not open: "
                    + context.getStatusManager().getCopyOfStatusList());
        }
        return appender;
    }

    /** The files of earlier days, as a pattern of logback's: {@code messagerie.2026-11-24.0.log}. */
    private static String earlier(Path file) {
        String path = file.toString();
        int extension = path.endsWith(".log") ? path.length() - ".log".length() : path.length();
        return path.substring(0, extension) + ".%d{yyyy-MM-dd, UTC}.%i" + path.substring(extension);
    }

    /** A file that stays its user's alone when the next one begins. */
    private static final class PrivateFile extends RollingFileAppender<ILoggingEvent> {
        @Override
        public void rollover() {
            super.rollover();
            try {
                Files.setPosixFilePermissions(Path.of(getFile()), PosixFilePermissions.fromString(FILE_MODE));
            } catch (IOException e) {
                addWarn("the log " + getFile() + " may be read by others", e);
            }
        }
    }

    /** Nobody reads of a full disk in a log that is on it. */
    private static void complain(Status status) {
        if (status.getEffectiveLevel() >= Status.WARN) {
            System.err.println("messagerie: log: " + status.getMessage());
        }
    }

    /** Closes the file; the standard error is the log again. */
    @Override
    public void close() {
        if (file.isStarted()) {
            QuietStart.begin(context);
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(file);
            file.stop();
            context.getStatusManager().remove(complaints);
        }
    }
}
