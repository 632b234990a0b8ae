package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.trace.TraceQuestion;

/** What the command line may ask of the running program, on one line: a word, or JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlRequest.QueueList.class, name = "queue-list"),
    @JsonSubTypes.Type(value = ControlRequest.QueueShow.class, name = "queue-show"),
    @JsonSubTypes.Type(value = ControlRequest.QueueChange.class, name = "queue-change"),
    @JsonSubTypes.Type(value = ControlRequest.Trace.class, name = "trace"),
    @JsonSubTypes.Type(value = ControlRequest.Routes.class, name = "routes"),
    @JsonSubTypes.Type(value = ControlRequest.DeadLetters.class, name = "dead-letters"),
    @JsonSubTypes.Type(value = ControlRequest.Replay.class, name = "replay"),
    @JsonSubTypes.Type(value = ControlRequest.ReplayAll.class, name = "replay-all"),
    @JsonSubTypes.Type(value = ControlRequest.AdministratorCode.class, name = "administrator-code"),
    @JsonSubTypes.Type(value = ControlRequest.Activate.class, name = "activate"),
    @JsonSubTypes.Type(value = ControlRequest.Perform.class, name = "perform"),
    @JsonSubTypes.Type(value = ControlRequest.Grant.class, name = "grant"),
    @JsonSubTypes.Type(value = ControlRequest.Revoke.class, name = "revoke"),
    @JsonSubTypes.Type(value = ControlRequest.RightsOf.class, name = "rights-of"),
    @JsonSubTypes.Type(value = ControlRequest.Devices.class, name = "devices"),
    @JsonSubTypes.Type(value = ControlRequest.RevokeDevice.class, name = "revoke-device"),
    @JsonSubTypes.Type(value = ControlRequest.SignOut.class, name = "sign-out"),
    @JsonSubTypes.Type(value = ControlRequest.SecondFactorOff.class, name = "second-factor-off"),
    @JsonSubTypes.Type(value = ControlRequest.Access.class, name = "access"),
    @JsonSubTypes.Type(value = ControlRequest.Find.class, name = "find"),
    @JsonSubTypes.Type(value = ControlRequest.PersonState.class, name = "person-state"),
    @JsonSubTypes.Type(value = ControlRequest.Unlock.class, name = "unlock"),
    @JsonSubTypes.Type(value = ControlRequest.PartAudit.class, name = "part-audit"),
    @JsonSubTypes.Type(value = ControlRequest.GroupSet.class, name = "group-set"),
    @JsonSubTypes.Type(value = ControlRequest.GroupShow.class, name = "group-show"),
    @JsonSubTypes.Type(value = ControlRequest.GroupRemove.class, name = "group-remove"),
    @JsonSubTypes.Type(value = ControlRequest.DomainSet.class, name = "domain-set"),
    @JsonSubTypes.Type(value = ControlRequest.Domains.class, name = "domains"),
    @JsonSubTypes.Type(value = ControlRequest.PersonAddress.class, name = "person-address"),
    @JsonSubTypes.Type(value = ControlRequest.RoomSet.class, name = "room-set"),
    @JsonSubTypes.Type(value = ControlRequest.RoomShow.class, name = "room-show"),
    @JsonSubTypes.Type(value = ControlRequest.RoomRemove.class, name = "room-remove"),
    @JsonSubTypes.Type(value = ControlRequest.MailingListSet.class, name = "mailing-list-set"),
    @JsonSubTypes.Type(value = ControlRequest.MailingListClose.class, name = "mailing-list-close"),
    @JsonSubTypes.Type(value = ControlRequest.ImportFile.class, name = "import-file"),
    @JsonSubTypes.Type(value = ControlRequest.ImportUndo.class, name = "import-undo"),
    @JsonSubTypes.Type(value = ControlRequest.ImportList.class, name = "import-list"),
    @JsonSubTypes.Type(value = ControlRequest.PersonCodes.class, name = "person-codes"),
    @JsonSubTypes.Type(value = ControlRequest.PersonLetters.class, name = "person-letters"),
    @JsonSubTypes.Type(value = ControlRequest.Export.class, name = "export"),
    @JsonSubTypes.Type(value = ControlRequest.PersonExport.class, name = "person-export"),
    @JsonSubTypes.Type(value = ControlRequest.PersonNumbered.class, name = "person-numbered")
})
sealed interface ControlRequest {
    /** How the program is. */
    record Status() implements ControlRequest {}

    /** That the orderly end begins. */
    record Down() implements ControlRequest {}

    /** Anything else, such as what a newer command line asks. */
    record Unknown() implements ControlRequest {}

    /** What only a program that is ready can answer. */
    sealed interface OfReady extends ControlRequest {}

    /** A page of the mail on its way. */
    record QueueList(QueueFilter which, Optional<UUID> after, int most) implements OfReady {}

    /** One message on its way. */
    record QueueShow(UUID id) implements OfReady {}

    /** To do something with mail on its way. */
    record QueueChange(QueueAct act, QueueFilter which, String reason) implements OfReady {}

    /** What became of messages. */
    record Trace(TraceQuestion question, int most) implements OfReady {}

    /** How every route is. */
    record Routes() implements OfReady {}

    /** What was given up, of a topic or of all. */
    record DeadLetters(Optional<String> topic, int most) implements OfReady {}

    /** To have a message that was given up done again. */
    record Replay(UUID id, String reason) implements OfReady {}

    /** To have all messages of a topic done again that were given up. */
    record ReplayAll(String topic, String reason) implements OfReady {}

    /** A one-time code for an administrator's account. */
    record AdministratorCode(
            Optional<String> address, Optional<String> given, Optional<String> family, boolean despitePassword)
            implements OfReady {}

    /** To give an account its password, with its code. */
    record Activate(String address, String code, String password) implements OfReady {
        /** Without its secrets. */
        @Override
        public String toString() {
            return "Activate[" + address + "]";
        }
    }

    /** What happens to people: to do it, or to say what it would change. */
    record Perform(LifeCycle act, boolean rehearsal) implements OfReady {}

    /** To give rights to a person or a position. */
    record Grant(
            Optional<MailAddress> person,
            Optional<PositionCode> position,
            Set<Right> rights,
            Optional<EntityCode> entity,
            OptionalInt accountsMax,
            Optional<Instant> from,
            Optional<Instant> until)
            implements OfReady {}

    /** To take rights back. */
    record Revoke(UUID grant) implements OfReady {}

    /** What a person may do. */
    record RightsOf(MailAddress person) implements OfReady {}

    /** A person's device passwords. */
    record Devices(MailAddress person) implements OfReady {}

    /** To take one of them back. */
    record RevokeDevice(MailAddress person, UUID id) implements OfReady {}

    /** To sign a person out everywhere. */
    record SignOut(MailAddress person) implements OfReady {}

    /** To turn off the second factor of a person who has lost it. */
    record SecondFactorOff(MailAddress person) implements OfReady {}

    /** Who has opened a person's account, the newest first. */
    record Access(MailAddress person, int most) implements OfReady {}

    /** People by the beginning of what is known of them. */
    record Find(String text, Optional<EntityCode> within, int most) implements OfReady {}

    /** How a person's account is. */
    record PersonState(MailAddress person) implements OfReady {}

    /** To forget what was counted against a person's account. */
    record Unlock(MailAddress person) implements OfReady {}

    /** What the audit trail tells of a part of the State, the newest first. */
    record PartAudit(EntityCode entity, Optional<String> act, Optional<MailAddress> person, int most)
            implements OfReady {}

    /** A group as it is to be; its members by their texts. */
    record GroupSet(GroupCode code, String name, EntityCode entity, List<String> members) implements OfReady {
        public GroupSet {
            members = List.copyOf(members);
        }
    }

    /** Who is to be in a group, and is. */
    record GroupShow(GroupCode code) implements OfReady {}

    /** To remove a group. */
    record GroupRemove(GroupCode code) implements OfReady {}

    /** Whose a domain is to be. */
    record DomainSet(String name, Optional<EntityCode> entity) implements OfReady {}

    /** The domains whose mail is ours. */
    record Domains() implements OfReady {}

    /** To give a person, by an address or the registration number, a further address, or to take one away. */
    record PersonAddress(String person, MailAddress address, boolean add) implements OfReady {}

    /** A room as it is to be; its opening hours by their text. */
    record RoomSet(
            MailAddress address,
            String name,
            EntityCode entity,
            Room.Type type,
            OptionalInt capacity,
            String location,
            Set<String> features,
            String opening,
            Optional<GroupCode> bookers)
            implements OfReady {
        public RoomSet {
            features = Set.copyOf(features);
        }

        static RoomSet of(Room room) {
            return new RoomSet(
                    room.address(),
                    room.name(),
                    room.entity(),
                    room.type(),
                    room.capacity(),
                    room.location(),
                    room.features(),
                    room.opening().text(),
                    room.bookers());
        }

        Room room() {
            return new Room(address, name, entity, type, capacity, location, features, Opening.parse(opening), bookers);
        }
    }

    /** What a room is. */
    record RoomShow(MailAddress address) implements OfReady {}

    /** To close a room. */
    record RoomRemove(MailAddress address) implements OfReady {}

    /** A mailing list as it is to be. */
    record MailingListSet(MailAddress address, GroupCode group, MailingLists.Writers writers, MailAddress owner)
            implements OfReady {}

    /** To close a mailing list. */
    record MailingListClose(MailAddress address) implements OfReady {}

    /** To import a file, whose content follows when it is asked for. */
    record ImportFile(Imports.Order order) implements OfReady {}

    /** To give back what an import replaced. */
    record ImportUndo(UUID id) implements OfReady {}

    /** The last imports. */
    record ImportList(int most) implements OfReady {}

    /** Codes for everybody of an entity who has no password, as lines of CSV. */
    record PersonCodes(EntityCode entity, boolean again) implements OfReady {}

    /** The primary address of the person who has this registration number. */
    record PersonNumbered(String number) implements OfReady {}

    /** To read out all that is kept of a person, by an address or the registration number. */
    record PersonExport(String person) implements OfReady {}

    /** The same codes, with what letters say. */
    record PersonLetters(EntityCode entity, boolean again) implements OfReady {}

    /** Everything of a kind, as lines of CSV. */
    record Export(Imports.Kind kind) implements OfReady {}

    /** The request that a line makes. */
    static ControlRequest of(String line) {
        return switch (line) {
            case "status" -> new Status();
            case "down" -> new Down();
            default -> read(line);
        };
    }

    private static ControlRequest read(String line) {
        try {
            return line.startsWith("{") ? ControlJson.read(line, ControlRequest.class) : new Unknown();
        } catch (JsonProcessingException e) {
            return new Unknown();
        }
    }

    /** The request as its line, without the line's end. */
    default String line() {
        return switch (this) {
            case Status _, Down _ -> word();
            case Unknown _ -> throw new IllegalStateException("what is unknown is never asked");
            case OfReady asked -> ControlJson.line(asked);
        };
    }

    /** The request by its name, for the log: what it asks about may be private. */
    default String word() {
        return switch (this) {
            case Status _ -> "status";
            case Down _ -> "down";
            case Unknown _ -> "unknown";
            case QueueList _ -> "queue-list";
            case QueueShow _ -> "queue-show";
            case Trace _ -> "trace";
            case Routes _ -> "routes";
            case DeadLetters _ -> "dead-letters";
            case Replay _ -> "replay";
            case ReplayAll _ -> "replay-all";
            case AdministratorCode _ -> "administrator-code";
            case Activate _ -> "activate";
            case Perform(LifeCycle _, boolean rehearsal) -> rehearsal ? "rehearse" : "perform";
            case Grant _ -> "grant";
            case Revoke _ -> "revoke";
            case RightsOf _ -> "rights-of";
            case Devices _ -> "devices";
            case RevokeDevice _ -> "revoke-device";
            case SignOut _ -> "sign-out";
            case SecondFactorOff _ -> "second-factor-off";
            case Access _ -> "access";
            case Find _ -> "find";
            case PersonState _ -> "person-state";
            case Unlock _ -> "unlock";
            case PartAudit _ -> "part-audit";
            case GroupSet _ -> "group-set";
            case GroupShow _ -> "group-show";
            case GroupRemove _ -> "group-remove";
            case DomainSet _ -> "domain-set";
            case Domains _ -> "domains";
            case PersonAddress _ -> "person-address";
            case RoomSet _ -> "room-set";
            case RoomShow _ -> "room-show";
            case RoomRemove _ -> "room-remove";
            case MailingListSet _ -> "mailing-list-set";
            case MailingListClose _ -> "mailing-list-close";
            case ImportFile _ -> "import-file";
            case ImportUndo _ -> "import-undo";
            case ImportList _ -> "import-list";
            case PersonCodes _ -> "person-codes";
            case PersonLetters _ -> "person-letters";
            case Export _ -> "export";
            case PersonExport _ -> "person-export";
            case PersonNumbered _ -> "person-numbered";
            case QueueChange change -> "queue-" + change.act().name().toLowerCase(Locale.ROOT);
        };
    }

    /** How long an answer may take. */
    default Duration patience() {
        return this instanceof QueueChange || this instanceof ImportUndo
                ? Duration.ofMinutes(10)
                : Duration.ofSeconds(30);
    }
}
