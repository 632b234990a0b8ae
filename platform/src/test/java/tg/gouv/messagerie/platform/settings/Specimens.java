package tg.gouv.messagerie.platform.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Records of settings that the tests read. */
final class Specimens {
    private Specimens() {}

    /** The file of the four faults. */
    record Whole(@Doc("Mail.") Mail mail) {}

    record Mail(
            @Doc("From other servers.") Transfer transfer,
            @Doc("From our people.") Submission submission,
            @Doc("Mailboxes.") Imap imap) {}

    record Transfer(
            @Doc(value = "The largest message.", byDefault = "\"20MB\"")
            ByteSize maxMessageSize) {}

    record Submission(
            @Doc("Address and port to listen on.") String listen,

            @Doc(value = "How long a silent client stays.", byDefault = "\"5m\"")
            Duration idleTimeout) {}

    record Imap(
            @Doc("Address and port to listen on.") String listen,

            @Doc(value = "How long a silent client stays logged in.", byDefault = "\"30m\"")
            Duration idleTimeout) {
        Imap {
            if (idleTimeout.toMinutes() < 30) {
                throw new IllegalArgumentException("idle-timeout must be 30m or more (RFC 9051 section 5.4)");
            }
        }
    }

    enum Colour {
        GREEN,
        DARK_YELLOW,
        RED
    }

    /** Every type. */
    record Types(
            @Doc(value = "Text.", byDefault = "\"Lomé\"") String text,
            @Doc(value = "Yes or no.", byDefault = "true") boolean on,
            @Doc(value = "A number.", byDefault = "7") int number,

            @Doc(value = "A large number.", byDefault = "9_000_000_000")
            long large,

            @Doc(value = "A time.", byDefault = "\"500ms\"") Duration time,
            @Doc(value = "A size.", byDefault = "\"32KB\"") ByteSize size,

            @Doc(value = "A door.", byDefault = "\"127.0.0.1:993\"")
            Endpoint door,

            @Doc(value = "A place.", byDefault = "\"/srv/mail\"")
            Path place,

            @Doc(value = "A colour.", byDefault = "\"dark-yellow\"")
            Colour colour,

            @Doc("Perhaps text.") Optional<String> perhapsText,
            @Doc("Perhaps a number.") Optional<Integer> perhapsNumber,
            @Doc("Perhaps a time.") Optional<Duration> perhapsTime,
            @Doc("Perhaps a secret.") Optional<Secret> perhapsSecret,

            @Doc(value = "Perhaps a size, usually given.", byDefault = "\"1MB\"")
            Optional<ByteSize> usuallySize,

            @Doc("Texts.") List<String> texts,

            @Doc(value = "Doors.", byDefault = "[\"[::1]:25\", \"127.0.0.1:25\"]")
            List<Endpoint> doors,

            @Doc("Colours.") List<Colour> colours,
            @Doc("Perhaps a peer.") Optional<Peer> peer,
            @Doc("Peers.") List<Peer> peers,
            @Doc("Limits.") Limits limits) {}

    record Peer(
            @Doc("Its name.") String name,
            @Doc(value = "Its weight.", byDefault = "1") int weight) {}

    record Limits(
            @Doc(value = "How many.", byDefault = "10") int countMax,
            @Doc(value = "How long.", byDefault = "\"2h\"") Duration ageMax) {
        Limits {
            if (countMax < 1) {
                throw new IllegalArgumentException("count-max must be 1 or more");
            }
            if (countMax > 100 && ageMax.toHours() > 1) {
                throw new IllegalArgumentException("many may not be old");
            }
        }
    }
}
