package tg.gouv.messagerie.deploy.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tg.gouv.messagerie.mail.queue.QueuedMessage;

/**
 * Messages on their way, as lines: for people, or JSON for scripts.
 *
 * @param json a line of JSON each
 */
record QueueLines(Terminal terminal, boolean json) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** One line. */
    void line(QueuedMessage message) {
        if (json) {
            terminal.result(ControlJson.line(message));
            return;
        }
        terminal.say(
                "queue.line",
                message.id().toString(),
                time(message.accepted()),
                state(message),
                String.valueOf(message.sizeBytes()),
                sender(message),
                recipients(message));
    }

    /** Everything that may be said of it. */
    void whole(QueuedMessage message) {
        if (json) {
            line(message);
            return;
        }
        terminal.say("queue.show.message", message.id().toString(), message.name(), message.queue());
        terminal.say("queue.show.state", state(message), time(message.next()));
        terminal.say(
                "queue.show.accepted",
                time(message.accepted()),
                message.client().orElse("-"));
        terminal.say("queue.show.size", String.valueOf(message.sizeBytes()), String.valueOf(message.headerBytes()));
        terminal.say("queue.show.attempts", String.valueOf(message.attempts()), String.valueOf(message.interrupted()));
        terminal.say("queue.show.sender", sender(message));
        terminal.say("queue.show.recipients", String.valueOf(message.recipientCount()));
        message.recipients().forEach(recipient -> terminal.result("  " + Terminal.printable(recipient)));
        message.lastError().ifPresent(error -> terminal.say("queue.show.error", Terminal.printable(error)));
    }

    private String state(QueuedMessage message) {
        return terminal.texts().text("queue.state." + message.state().name().toLowerCase(Locale.ROOT));
    }

    private static String sender(QueuedMessage message) {
        return message.sender().isEmpty() ? "<>" : Terminal.printable(message.sender());
    }

    private static String recipients(QueuedMessage message) {
        int others = message.recipientCount() - message.recipients().size();
        return Terminal.printable(String.join(", ", message.recipients())) + (others > 0 ? " (+" + others + ")" : "");
    }

    /** A moment where the reader is. */
    static String time(Instant instant) {
        return TIME.format(instant.atZone(ZoneId.systemDefault()));
    }
}
