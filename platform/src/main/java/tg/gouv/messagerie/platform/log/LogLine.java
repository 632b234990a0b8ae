package tg.gouv.messagerie.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * An event as one line: the time in UTC, the level, the logger's short name, the session when there is one, the message, the
 * exception when there is one.
 *
 * <p>A client cannot forge a line, nor steer a terminal: line ends and every other character that is not shown are escaped as
 * in Java, and so is the backslash, so that {@code printf '%b'} gives back a stack trace.
 */
final class LogLine extends EncoderBase<ILoggingEvent> {
    /** A deep stack trace with its causes is a fourth of this; what a client sent is cut elsewhere. */
    static final int LENGTH_MAX = 32 << 10;

    /** Ours, then the one that James writes. */
    private static final String[] SESSION_KEYS = {"session", "sessionId"};

    private static final int SESSION_LENGTH_MAX = 64;
    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return line(event).getBytes(UTF_8);
    }

    /** The line, with its end. */
    static String line(ILoggingEvent event) {
        String logger = event.getLoggerName();
        StringBuilder line = new StringBuilder(200)
                .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .append(' ')
                .append(event.getLevel())
                .append(' ')
                .append(logger, logger.lastIndexOf('.') + 1, logger.length());
        session(line, event.getMDCPropertyMap());
        escape(line.append(' '), String.valueOf(event.getFormattedMessage()));
        if (event.getThrowableProxy() != null) {
            escape(
                    line.append(" exception="),
                    ThrowableProxyUtil.asString(event.getThrowableProxy()).strip());
        }
        if (line.length() > LENGTH_MAX) {
            line.setLength(LENGTH_MAX);
            line.append('…');
        }
        return line.append('\n').toString();
    }

    /** A session's name is one word, whoever chose it. */
    private static void session(StringBuilder line, Map<String, String> context) {
        for (String key : SESSION_KEYS) {
            String session = context.get(key);
            if (session != null && !session.isEmpty()) {
                line.append(" session=");
                session.chars().limit(SESSION_LENGTH_MAX).forEach(c -> line.append(isOfAWord(c) ? (char) c : '_'));
                return;
            }
        }
    }

    private static boolean isOfAWord(int c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || "-._:/@+".indexOf(c) >= 0);
    }

    private static void escape(StringBuilder line, String text) {
        int length = Math.min(text.length(), LENGTH_MAX);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> {
                    if (isShown(c)) {
                        line.append(c);
                    } else {
                        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    }
                }
            }
        }
        if (length < text.length()) {
            line.append('…');
        }
    }

    /** Line and paragraph separators end lines for some readers; format characters turn text around. */
    private static boolean isShown(char c) {
        if (c < 0x7F) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
