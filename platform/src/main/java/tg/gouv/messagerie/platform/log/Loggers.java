package tg.gouv.messagerie.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import org.slf4j.Logger;

/** Who may say how much. */
final class Loggers {
    private static final String OURS = "tg.gouv.messagerie";

    /** Libraries that tell more than an operator can use. */
    private static final Map<String, Level> TAMED = Map.of(
            "org.apache.james.jmap.routes", Level.ERROR, // warns of every client that hangs up
            "org.apache.camel", Level.WARN,
            "org.flywaydb", Level.WARN,
            "com.zaxxer.hikari", Level.WARN,
            "io.netty", Level.WARN);

    private Loggers() {}

    /**
     * Sets the levels. Libraries never log below INFO: ApacheDS, for one, writes whole requests there, with their passwords.
     *
     * @param least the least grave level at which our own code logs
     */
    static void limit(LoggerContext context, Level least) {
        context.getLogger(OURS).setLevel(least);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(graver(least, Level.INFO));
        TAMED.forEach((name, level) -> context.getLogger(name).setLevel(graver(least, level)));
    }

    private static Level graver(Level one, Level other) {
        return one.isGreaterOrEqual(other) ? one : other;
    }
}
