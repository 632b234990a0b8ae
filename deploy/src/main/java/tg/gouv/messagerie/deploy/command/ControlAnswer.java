package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.mail.trace.MessageTrace;

/** What the running program answers to the command line, as one line of JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlAnswer.Starting.class, name = "starting"),
    @JsonSubTypes.Type(value = ControlAnswer.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ControlAnswer.Stopping.class, name = "stopping"),
    @JsonSubTypes.Type(value = ControlAnswer.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = ControlAnswer.Queued.class, name = "queued"),
    @JsonSubTypes.Type(value = ControlAnswer.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = ControlAnswer.Traced.class, name = "traced"),
    @JsonSubTypes.Type(value = ControlAnswer.Routed.class, name = "routed"),
    @JsonSubTypes.Type(value = ControlAnswer.DeadLetters.class, name = "dead-letters"),
    @JsonSubTypes.Type(value = ControlAnswer.Replayed.class, name = "replayed"),
    @JsonSubTypes.Type(value = ControlAnswer.CodeIssued.class, name = "code-issued"),
    @JsonSubTypes.Type(value = ControlAnswer.Activated.class, name = "activated"),
    @JsonSubTypes.Type(value = ControlAnswer.Performed.class, name = "performed"),
    @JsonSubTypes.Type(value = ControlAnswer.Granted.class, name = "granted"),
    @JsonSubTypes.Type(value = ControlAnswer.Revoked.class, name = "revoked"),
    @JsonSubTypes.Type(value = ControlAnswer.HeldRights.class, name = "held-rights"),
    @JsonSubTypes.Type(value = ControlAnswer.Devices.class, name = "devices"),
    @JsonSubTypes.Type(value = ControlAnswer.Accessed.class, name = "accessed"),
    @JsonSubTypes.Type(value = ControlAnswer.Found.class, name = "found"),
    @JsonSubTypes.Type(value = ControlAnswer.Seen.class, name = "seen"),
    @JsonSubTypes.Type(value = ControlAnswer.Provisioned.class, name = "provisioned"),
    @JsonSubTypes.Type(value = ControlAnswer.GroupShown.class, name = "group-shown"),
    @JsonSubTypes.Type(value = ControlAnswer.DomainsListed.class, name = "domains-listed"),
    @JsonSubTypes.Type(value = ControlAnswer.RoomShown.class, name = "room-shown"),
    @JsonSubTypes.Type(value = ControlAnswer.Send.class, name = "send"),
    @JsonSubTypes.Type(value = ControlAnswer.Lines.class, name = "lines"),
    @JsonSubTypes.Type(value = ControlAnswer.LetterHead.class, name = "letter-head"),
    @JsonSubTypes.Type(value = ControlAnswer.LetterTo.class, name = "letter-to"),
    @JsonSubTypes.Type(value = ControlAnswer.Advanced.class, name = "advanced"),
    @JsonSubTypes.Type(value = ControlAnswer.Imported.class, name = "imported"),
    @JsonSubTypes.Type(value = ControlAnswer.ImportUndone.class, name = "import-undone"),
    @JsonSubTypes.Type(value = ControlAnswer.ImportsListed.class, name = "imports-listed"),
    @JsonSubTypes.Type(value = ControlAnswer.Exported.class, name = "exported"),
    @JsonSubTypes.Type(value = ControlAnswer.Addressed.class, name = "addressed"),
    @JsonSubTypes.Type(value = ControlAnswer.Octets.class, name = "octets"),
    @JsonSubTypes.Type(value = ControlAnswer.Archived.class, name = "archived"),
    @JsonSubTypes.Type(value = ControlAnswer.NotImported.class, name = "not-imported"),
    @JsonSubTypes.Type(value = ControlAnswer.Declined.class, name = "declined"),
    @JsonSubTypes.Type(value = ControlAnswer.NotProvisioned.class, name = "not-provisioned")
})
sealed interface ControlAnswer {
    /** A bound on what a client reads: far more than any answer. */
    int BYTES_MAX = 4 * 1024 * 1024;

    /** The program is starting; ask again. */
    record Starting(long process) implements ControlAnswer {}

    /** How the program is. */
    record Status(ProgramStatus status) implements ControlAnswer {}

    /** The orderly end has begun; it is over when this process is gone. */
    record Stopping(long process) implements ControlAnswer {}

    /** The program does not do that for this user, or does not know the request. */
    record Refused(String reason) implements ControlAnswer {}

    /** What a {@link ControlRequest.OfReady} is answered. */
    sealed interface OfReady extends ControlAnswer {}

    /** Messages on their way. */
    record Queued(List<QueuedMessage> messages) implements OfReady {}

    /** What became of messages. */
    record Traced(List<MessageTrace> traces) implements OfReady {}

    /** What came of an act on messages. */
    record Changed(int changed, int left) implements OfReady {}

    /** How routes are. */
    record Routed(List<RunningRoutes.RouteState> routes) implements OfReady {}

    /** What routes gave up. */
    record DeadLetters(List<RunningRoutes.GivenUp> letters) implements OfReady {}

    /** How many messages are done again. */
    record Replayed(int messages) implements OfReady {}

    /** The code that was issued, for the terminal of who asked. */
    record CodeIssued(String address, String code, Instant expires) implements OfReady {
        /** Without the code. */
        @Override
        public String toString() {
            return "CodeIssued[" + address + "]";
        }
    }

    /**
     * What came of a code.
     *
     * @param seconds how long to wait, if too many wrong ones were tried
     */
    record Activated(How how, long seconds) implements OfReady {
        /** What came of it. */
        enum How {
            DONE,
            REFUSED,
            THROTTLED,
            BAD_PASSWORD
        }
    }

    /** What an act of a life cycle changed, or would. */
    record Performed(LifeCycle.Done done) implements OfReady {}

    /** The grant that was given. */
    record Granted(UUID id) implements OfReady {}

    /** Whether the grant served until now. */
    record Revoked(boolean served) implements OfReady {}

    /** What a person may do. */
    record HeldRights(List<Rights.Given> grants) implements OfReady {}

    /** A person's device passwords. */
    record Devices(List<DevicePasswords.Device> devices) implements OfReady {}

    /** Who has opened an account. */
    record Accessed(List<Entry> entries) implements OfReady {
        /**
         * A row of the trail.
         *
         * @param french the sentence that tells it
         * @param english the same
         */
        record Entry(Instant from, Instant until, long times, String french, String english) {}
    }

    /**
     * People who were found.
     *
     * @param counted how many there are, as far as they were counted
     * @param more whether there are more than that
     */
    record Found(List<Person> people, int counted, boolean more) implements OfReady {
        public Found {
            people = List.copyOf(people);
        }

        /** Somebody. */
        record Person(String family, String given, String address, String number, String entity, String state) {}
    }

    /** How an account is. */
    record Seen(HelpDesk.Seen seen) implements OfReady {}

    /** Whether an act changed something. */
    record Provisioned(boolean changed) implements OfReady {}

    /**
     * A group.
     *
     * @param members who is to be in it, by their texts
     * @param now who is in it, by primary addresses
     * @param more whether there are others
     */
    record GroupShown(String name, String entity, List<String> members, List<String> now, boolean more)
            implements OfReady {}

    /** The domains whose mail is ours. */
    record DomainsListed(List<ControlRequest.DomainSet> domains) implements OfReady {
        public DomainsListed {
            domains = List.copyOf(domains);
        }
    }

    /** A room. */
    record RoomShown(ControlRequest.RoomSet room) implements OfReady {}

    /** The content may be sent now; the answer itself follows. */
    record Send() implements OfReady {}

    /** Lines that go before the answer. */
    record Lines(Channel channel, List<String> lines) implements OfReady {
        /** What the lines are. */
        enum Channel {
            CHANGE,
            PROBLEM,
            REFUSED,
            EXPORT
        }
    }

    /** What every letter says; the letters and the answer follow. */
    record LetterHead(LetterSettings settings) implements OfReady {}

    /** What a letter says. */
    record LetterTo(
            Optional<String> number,
            String name,
            Locale language,
            String address,
            String service,
            String serviceName,
            int letters,
            String code,
            Instant expires)
            implements OfReady {
        /** Without the code. */
        @Override
        public String toString() {
            return "LetterTo[" + address + "]";
        }
    }

    /** A primary address. */
    record Addressed(MailAddress address) implements OfReady {}

    /** Octets of a file that go before the answer. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Octets(byte[] octets) implements OfReady {}

    /** The file is whole, and so long. */
    record Archived(long bytes) implements OfReady {}

    /** So much of so much is done; the answer itself follows. */
    record Advanced(long done, long of) implements OfReady {}

    /** What an import did. */
    record Imported(Imports.Report report) implements OfReady {}

    /** To how many people it was given back what they were. */
    record ImportUndone(int people) implements OfReady {}

    /** The last imports. */
    record ImportsListed(List<Imports.Listed> imports) implements OfReady {}

    /** How many people, or things, were read out. */
    record Exported(long people) implements OfReady {}

    /** Nothing is imported. */
    record NotImported(ImportRefused.Reason reason, List<String> values) implements ControlAnswer {}

    /** It is not done, for a reason that there is a sentence for. */
    record Declined(String key, List<String> values) implements ControlAnswer {}

    /** The directory must not become what was asked. */
    record NotProvisioned(ProvisioningRefused.Reason reason, List<String> values) implements ControlAnswer {}

    /** The answer as its line, without the line's end. */
    default String toJson() {
        return ControlJson.line(this);
    }

    /**
     * Reads an answer; what a newer program adds is ignored.
     *
     * @throws JsonProcessingException if it is not one of these
     */
    static ControlAnswer of(String line) throws JsonProcessingException {
        return ControlJson.read(line, ControlAnswer.class);
    }
}
