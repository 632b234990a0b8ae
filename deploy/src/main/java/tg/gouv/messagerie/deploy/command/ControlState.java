package tg.gouv.messagerie.deploy.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.deploy.command.ControlAnswer.Activated.How;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Activated;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.trace.TraceQuestion;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.settings.Secret;

/** What the program of this process answers to the command line, through its life: starting, ready, stopping. */
final class ControlState {
    /** Where the program is in its life. */
    private sealed interface Stage {
        record Starting() implements Stage {}

        record Ready(Running program, long sinceEpochSeconds) implements Stage {}

        record Stopping() implements Stage {}
    }

    private final DataDirectory data;
    private final Clock clock;
    private final Runnable end;
    private final AtomicReference<Stage> stage = new AtomicReference<>(new Stage.Starting());

    /**
     * The state of a program that is starting.
     *
     * @param end begins the orderly end; returns at once
     */
    ControlState(DataDirectory data, Clock clock, Runnable end) {
        this.data = data;
        this.clock = clock;
        this.end = end;
    }

    void ready(Running program) {
        stage.set(new Stage.Ready(program, clock.instant().getEpochSecond()));
    }

    void stopping() {
        stage.set(new Stage.Stopping());
    }

    /** Notes that somebody else than the program's user or root asked. */
    void refused(ControlRequest request, String systemUser) {
        if (stage.get() instanceof Stage.Ready(Running program, long _)) {
            program.ordered(systemUser, request.word(), false);
        }
    }

    /** Does what a system user asks, and says what was done. What changes something is in the audit trail, once there is one. */
    ControlAnswer answer(ControlRequest request, String systemUser, Conversation conversation) {
        long process = ProcessHandle.current().pid();
        return switch (request) {
            case ControlRequest.Status _ ->
                switch (stage.get()) {
                    case Stage.Starting() -> new ControlAnswer.Starting(process);
                    case Stage.Ready(Running program, long since) ->
                        new ControlAnswer.Status(new ProgramStatus(
                                Version.ofProgram(),
                                data.path().toString(),
                                program.processes(),
                                since,
                                program.ports(),
                                program.health(),
                                program.figures()));
                    case Stage.Stopping() -> new ControlAnswer.Stopping(process);
                };
            case ControlRequest.Down _ -> {
                if (stage.get() instanceof Stage.Ready(Running program, long _)) {
                    program.ordered(systemUser, request.line(), true);
                }
                end.run();
                yield new ControlAnswer.Stopping(process);
            }
            case ControlRequest.Unknown _ -> new ControlAnswer.Refused("request");
            case ControlRequest.OfReady asked ->
                switch (stage.get()) {
                    case Stage.Starting() -> new ControlAnswer.Starting(process);
                    case Stage.Ready(Running program, long _) -> done(asked, program, systemUser, conversation);
                    case Stage.Stopping() -> new ControlAnswer.Stopping(process);
                };
        };
    }

    /** Does it as this system user, which is what the audit trail then says. */
    private ControlAnswer done(
            ControlRequest.OfReady asked, Running program, String systemUser, Conversation conversation) {
        AtomicReference<@Nullable ControlAnswer> answer = new AtomicReference<>();
        Circumstances.ofSystemUser(systemUser, clock)
                .run(() -> answer.set(perform(asked, program, systemUser, conversation)));
        return Objects.requireNonNull(answer.get());
    }

    private ControlAnswer perform(
            ControlRequest.OfReady asked, Running program, String systemUser, Conversation conversation) {
        try {
            return allowed(asked, program, systemUser, conversation);
        } catch (ProvisioningRefused e) {
            return new ControlAnswer.NotProvisioned(e.reason(), e.values());
        } catch (ImportRefused e) {
            return new ControlAnswer.NotImported(e.reason(), e.values());
        } catch (RunningAdministrators.Declined e) {
            return new ControlAnswer.Declined(String.valueOf(e.getMessage()), e.values());
        }
    }

    private ControlAnswer allowed(
            ControlRequest.OfReady asked, Running program, String systemUser, Conversation conversation) {
        return switch (asked) {
            case ControlRequest.QueueList(QueueFilter which, Optional<UUID> after, int most) ->
                new ControlAnswer.Queued(program.queue().list(which, after, most));
            case ControlRequest.Trace(TraceQuestion question, int most) ->
                new ControlAnswer.Traced(program.traces().find(question, most));
            case ControlRequest.QueueShow(UUID id) ->
                new ControlAnswer.Queued(program.queue().show(id));
            case ControlRequest.QueueChange(QueueAct act, QueueFilter which, String reason) -> {
                QueueActed acted = program.queue().act(act, which, reason);
                yield new ControlAnswer.Changed(acted.changed(), acted.left());
            }
            case ControlRequest.Routes _ ->
                new ControlAnswer.Routed(program.routes().states());
            case ControlRequest.DeadLetters(Optional<String> topic, int most) ->
                new ControlAnswer.DeadLetters(program.routes().deadLetters(topic, most));
            case ControlRequest.Replay(UUID id, String reason) ->
                new ControlAnswer.Replayed(program.routes().replay(id, systemUser, reason));
            case ControlRequest.ReplayAll(String topic, String reason) ->
                new ControlAnswer.Replayed(program.routes().replayAll(topic, systemUser, reason));
            case ControlRequest.AdministratorCode(
                    Optional<String> address,
                    Optional<String> given,
                    Optional<String> family,
                    boolean despitePassword) -> {
                RunningAdministrators.Code code =
                        program.administrators().code(address, given, family, despitePassword);
                yield new ControlAnswer.CodeIssued(
                        code.address().toString(), code.code().reveal(), code.expires());
            }
            case ControlRequest.Perform(LifeCycle act, boolean rehearsal) ->
                new ControlAnswer.Performed(
                        rehearsal
                                ? program.provisioning().rehearse(act)
                                : program.provisioning().perform(act));
            case ControlRequest.Grant grant ->
                new ControlAnswer.Granted(program.provisioning()
                        .grant(new Grant(
                                grant.person().isPresent()
                                        ? new Grant.OfAccount(
                                                account(program, grant.person().get()))
                                        : new Grant.OfPosition(grant.position().orElseThrow()),
                                grant.rights(),
                                grant.entity(),
                                grant.accountsMax(),
                                grant.from(),
                                grant.until())));
            case ControlRequest.Devices(MailAddress person) ->
                new ControlAnswer.Devices(program.devicePasswords().of(registered(program, person)));
            case ControlRequest.RevokeDevice(MailAddress person, UUID id) ->
                new ControlAnswer.Provisioned(program.devicePasswords().revoke(registered(program, person), id));
            case ControlRequest.SignOut(MailAddress person) -> {
                program.sessions().signOut(registered(program, person));
                yield new ControlAnswer.Provisioned(true);
            }
            case ControlRequest.SecondFactorOff(MailAddress person) ->
                new ControlAnswer.Provisioned(
                        program.secondFactors().off(registered(program, person), Optional.empty()));
            case ControlRequest.Access(MailAddress person, int most) ->
                new ControlAnswer.Accessed(
                        program.ledger().another(registered(program, person), OptionalLong.empty(), most).stream()
                                .map(it -> shown(it.row(), it::sentence))
                                .toList());
            case ControlRequest.Find(String text, Optional<EntityCode> within, int most) ->
                found(program.people().find(within, text, Optional.empty(), most));
            case ControlRequest.PersonState(MailAddress person) ->
                new ControlAnswer.Seen(program.helpDesk().look(registered(program, person)));
            case ControlRequest.Unlock(MailAddress person) ->
                new ControlAnswer.Provisioned(program.helpDesk().unlock(registered(program, person)));
            case ControlRequest.PartAudit(
                    EntityCode entity,
                    Optional<String> act,
                    Optional<MailAddress> person,
                    int most) ->
                new ControlAnswer.Accessed(program
                        .partLedger()
                        .of(
                                entity,
                                new PartLedger.Wanted(act, person.map(it -> registered(program, it))),
                                OptionalLong.empty(),
                                most)
                        .entries()
                        .stream()
                        .map(it -> shown(it.row(), it::sentence))
                        .toList());
            case ControlRequest.GroupSet(GroupCode code, String name, EntityCode entity, List<String> members) ->
                provisioned(
                        program,
                        State.of(new Group(
                                code,
                                name,
                                entity,
                                members.stream().map(Member::of).collect(Collectors.toSet()))));
            case ControlRequest.GroupShow(GroupCode code) -> shown(program, code);
            case ControlRequest.GroupRemove(GroupCode code) ->
                new ControlAnswer.Provisioned(program.provisioning().removeGroup(code));
            case ControlRequest.DomainSet(String name, Optional<EntityCode> entity) ->
                new ControlAnswer.Provisioned(program.provisioning().domain(new Domain(name, entity)));
            case ControlRequest.Domains() ->
                new ControlAnswer.DomainsListed(program.register().domains().stream()
                        .map(it -> new ControlRequest.DomainSet(it.name(), it.entity()))
                        .toList());
            case ControlRequest.PersonAddress(String person, MailAddress address, boolean add) -> {
                AccountId account = registered(program, person).account();
                yield new ControlAnswer.Provisioned(
                        add
                                ? program.provisioning().alias(account, address)
                                : program.provisioning().retire(account, address));
            }
            case ControlRequest.RoomSet room ->
                new ControlAnswer.Provisioned(program.provisioning().room(room.room(), Optional.empty()));
            case ControlRequest.RoomShow(MailAddress address) ->
                new ControlAnswer.RoomShown(program.register()
                        .room(address)
                        .map(ControlRequest.RoomSet::of)
                        .orElseThrow(
                                () -> new ProvisioningRefused(ProvisioningRefused.Reason.UNKNOWN_PERSON, address)));
            case ControlRequest.RoomRemove(MailAddress address) ->
                new ControlAnswer.Provisioned(program.register()
                        .roomAccount(address)
                        .filter(room -> {
                            program.provisioning().state(room, Account.State.CLOSED);
                            return true;
                        })
                        .isPresent());
            case ControlRequest.MailingListSet(
                    MailAddress address,
                    GroupCode group,
                    MailingLists.Writers writers,
                    MailAddress owner) ->
                provisioned(program, State.of(new MailingList(address, group, writers, owner)));
            case ControlRequest.MailingListClose(MailAddress address) ->
                new ControlAnswer.Provisioned(program.register()
                        .mailingListAccount(address)
                        .filter(list -> {
                            program.provisioning().state(list, Account.State.CLOSED);
                            return true;
                        })
                        .isPresent());
            case ControlRequest.ImportFile(Imports.Order order) ->
                new ControlAnswer.Imported(conversation.importFile(program.imports(), order));
            case ControlRequest.ImportUndo(UUID id) ->
                new ControlAnswer.ImportUndone(program.imports().undo(id));
            case ControlRequest.ImportList(int most) ->
                new ControlAnswer.ImportsListed(program.imports().list(most));
            case ControlRequest.PersonCodes(EntityCode entity, boolean again) ->
                new ControlAnswer.Exported(conversation.codes(program.activationCodes(), entity, again));
            case ControlRequest.PersonNumbered(String number) ->
                new ControlAnswer.Addressed(registered(program, number).person().address());
            case ControlRequest.PersonExport(String person) ->
                new ControlAnswer.Archived(conversation.file(
                        program.archives().of(registered(program, person).account())));
            case ControlRequest.PersonLetters(EntityCode entity, boolean again) ->
                new ControlAnswer.Exported(
                        conversation.letters(program.activationCodes(), program.letters(), entity, again));
            case ControlRequest.Export(Imports.Kind kind) ->
                new ControlAnswer.Exported(conversation.export(program.imports(), kind));
            case ControlRequest.Revoke(UUID grant) ->
                new ControlAnswer.Revoked(program.provisioning().revoke(grant));
            case ControlRequest.RightsOf(MailAddress person) ->
                new ControlAnswer.HeldRights(program.rights().heldBy(account(program, person)));
            case ControlRequest.Activate(String address, String code, String password) ->
                activated(program.administrators().activate(address, new Secret(code), new Secret(password)));
        };
    }

    private static ControlAnswer provisioned(Running program, State state) {
        return new ControlAnswer.Provisioned(program.provisioning().apply(state).changed() > 0);
    }

    private static ControlAnswer shown(Running program, GroupCode code) {
        Group group = program.register()
                .group(code)
                .orElseThrow(() -> new ProvisioningRefused(ProvisioningRefused.Reason.UNKNOWN_GROUP, code, code));
        List<MailAddress> now = program.register().members(code, Optional.empty(), Register.PAGE_MAX);
        return new ControlAnswer.GroupShown(
                group.name(),
                group.entity().value(),
                group.members().stream().map(Member::text).sorted().toList(),
                now.stream().map(MailAddress::toString).toList(),
                now.size() == Register.PAGE_MAX);
    }

    /** A person by an address or the registration number. */
    private static Register.Registered registered(Running program, String person) {
        return MailAddress.parse(person)
                .map(program.register()::person)
                .orElseGet(() -> program.register().person(new Person.RegistrationNumber(person)))
                .orElseThrow(() -> new ProvisioningRefused(ProvisioningRefused.Reason.UNKNOWN_PERSON, person));
    }

    private static ControlAnswer.Accessed.Entry shown(AuditAbout.Told row, Function<Locale, String> sentence) {
        return new ControlAnswer.Accessed.Entry(
                row.began(), row.ended(), row.times(), sentence.apply(Locale.FRENCH), sentence.apply(Locale.ENGLISH));
    }

    private static ControlAnswer.Found found(PeopleIndex.Page page) {
        return new ControlAnswer.Found(
                page.people().stream()
                        .map(it -> new ControlAnswer.Found.Person(
                                it.person().name().family(),
                                it.person().name().given(),
                                it.person().address().toString(),
                                it.person()
                                        .registrationNumber()
                                        .map(Person.RegistrationNumber::value)
                                        .orElse("-"),
                                it.person().entity().map(EntityCode::value).orElse("-"),
                                it.state().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                page.counted(),
                page.isMore());
    }

    /** Whatever the state of the account. */
    private static AccountId registered(Running program, MailAddress person) {
        return program.register()
                .person(person)
                .map(Register.Registered::account)
                .orElseThrow(() -> new ProvisioningRefused(ProvisioningRefused.Reason.UNKNOWN_PERSON, person));
    }

    private static AccountId account(Running program, MailAddress person) {
        return program.directory()
                .byAddress(person)
                .map(Account::id)
                .orElseThrow(() -> new ProvisioningRefused(ProvisioningRefused.Reason.UNKNOWN_PERSON, person));
    }

    private ControlAnswer.Activated activated(Activated outcome) {
        return switch (outcome) {
            case Activated.Done _ -> new ControlAnswer.Activated(How.DONE, 0);
            case Activated.Refused() -> new ControlAnswer.Activated(How.REFUSED, 0);
            case Activated.BadPassword() -> new ControlAnswer.Activated(How.BAD_PASSWORD, 0);
            case Activated.Throttled(Instant until) ->
                new ControlAnswer.Activated(
                        How.THROTTLED,
                        Math.max(1, Duration.between(clock.instant(), until).toSeconds() + 1));
        };
    }
}
