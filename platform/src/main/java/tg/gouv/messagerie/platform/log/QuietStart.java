package tg.gouv.messagerie.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * How every process of the program logs until it opens its log: warnings and errors, on the standard error. Logback finds this
 * class by itself; no file and no system property is looked for.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class QuietStart extends ContextAwareBase implements Configurator {
    private static final String NAME = "stderr";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        begin(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static void begin(LoggerContext context) {
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setName(NAME);
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(line);
        stderr.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
        Loggers.limit(context, Level.WARN);
    }

    static void end(LoggerContext context) {
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var stderr = root.getAppender(NAME);
        if (stderr != null) {
            root.detachAppender(stderr);
            stderr.stop();
        }
    }
}
