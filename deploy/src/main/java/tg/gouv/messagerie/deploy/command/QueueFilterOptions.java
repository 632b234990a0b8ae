package tg.gouv.messagerie.deploy.command;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;

/** Which messages a command is about. */
final class QueueFilterOptions {
    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

    @Option(names = "--sender", paramLabel = "ADDRESS", descriptionKey = "queue.sender")
    private Optional<String> sender = Optional.empty();

    @Option(names = "--recipient", paramLabel = "ADDRESS", descriptionKey = "queue.recipient")
    private Optional<String> recipient = Optional.empty();

    @Option(names = "--domain", paramLabel = "DOMAIN", descriptionKey = "queue.domain")
    private Optional<String> domain = Optional.empty();

    @Option(names = "--older-than", paramLabel = "AGE", descriptionKey = "queue.older-than")
    private Optional<String> olderThan = Optional.empty();

    @Option(names = "--state", paramLabel = "STATE", split = ",", descriptionKey = "queue.state")
    private List<String> states = List.of();

    /** The filter, of these messages if any are named. */
    QueueFilter filter(List<UUID> ids) {
        if (ids.size() > QueueFilter.IDS_MAX) {
            throw new Refusal(ExitStatus.USAGE, "queue.too-many", String.valueOf(QueueFilter.IDS_MAX));
        }
        return new QueueFilter(ids, sender, recipient, domain, olderThan.map(QueueFilterOptions::age), states());
    }

    private Set<QueuedMessage.State> states() {
        Set<QueuedMessage.State> wanted = EnumSet.noneOf(QueuedMessage.State.class);
        for (String word : states) {
            try {
                wanted.add(QueuedMessage.State.valueOf(
                        word.toUpperCase(Locale.ROOT).replace('-', '_')));
            } catch (IllegalArgumentException e) {
                throw new Refusal(ExitStatus.USAGE, "queue.no-such-state", word);
            }
        }
        return wanted;
    }

    /** A number with its unit, such as {@code 30m} or {@code 2d}. */
    static Duration age(String written) {
        Matcher parts = AGE.matcher(written);
        if (!parts.matches()) {
            throw new Refusal(ExitStatus.USAGE, "queue.not-an-age", written);
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
