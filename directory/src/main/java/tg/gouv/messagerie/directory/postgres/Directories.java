package tg.gouv.messagerie.directory.postgres;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.access.PartPlaces;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.help.PersonStates;
import tg.gouv.messagerie.directory.imports.AddressProposals;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.openid.OpenIdProvider;
import tg.gouv.messagerie.directory.personal.PersonalFacts;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.directory.signin.CoalescingSignInLog;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.HiddenFunctions;
import tg.gouv.messagerie.directory.signin.LostPasswords;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.PasswordRules;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The directory in PostgreSQL, open until closed: look-ups, sign-in, provisioning. */
public final class Directories implements AutoCloseable {
    private static final Logger SIGN_INS = LoggerFactory.getLogger(SignIns.class);
    private static final String SCHEMA = "directory";

    /** One imports; the other says that it is under way, lists, or exports. */
    private static final int IMPORT_CONNECTIONS = 2;

    private final PostgresDirectory directory;
    private final SecretSignIns signIns;
    private final PostgresProvisioning provisioning;
    private final PostgresMailingLists lists;
    private final PostgresRights rights;
    private final PostgresRegister register;
    private final PostgresPeopleIndex people;
    private final PostgresStructureIndex structure;
    private final PostgresAddressProposals proposals;
    private final PostgresPersonStates states;
    private final PostgresPartPlaces places;
    private final PostgresBearerTokens tokens;
    private final PostgresWebSessions webSessions;
    private final PostgresImports imports;
    private final PostgresImportFiles importFiles;
    private final PostgresActivationCodes codes;
    private final PostgresDevicePasswords devices;
    private final PostgresSecondFactors factors;
    private final PostgresLostPasswords lost;
    private final PostgresHiddenFunctions hidden;
    private final PostgresSessions sessions;
    private final PostgresRememberedRequests requests;
    private final PostgresPersonalFacts facts;
    private final ExpiredCodes expired;
    private final DueChanges due;
    private final PasswordHashes hashes;
    private final CoalescingSignInLog log;
    private final Optional<OpenIdProvider> provider;

    private Directories(
            Database database,
            DirectorySettings settings,
            Path data,
            AuditTrail trail,
            Activations activations,
            Clock clock,
            SecureRandom random) {
        Connections lookUps = database.connections("directory", SCHEMA, settings.connectionsMax());
        Connections signingIn =
                database.connections("sign-in", SCHEMA, settings.signIn().connectionsMax());
        Connections writing = database.connections("provisioning", SCHEMA, settings.provisioningConnectionsMax());
        this.directory = new PostgresDirectory(lookUps, clock);
        this.lists = new PostgresMailingLists(lookUps, clock);
        this.rights = new PostgresRights(lookUps, clock, trail);
        this.register = new PostgresRegister(lookUps, clock);
        this.people = new PostgresPeopleIndex(lookUps, clock, trail);
        this.structure = new PostgresStructureIndex(lookUps, clock, trail);
        this.proposals = new PostgresAddressProposals(lookUps);
        this.places = new PostgresPartPlaces(lookUps);
        this.hashes = new PasswordHashes(settings.signIn(), random);
        this.log = new CoalescingSignInLog(clock, settings.signIn().logEvery(), SIGN_INS::info, trail);
        FactorKeys keys = new FactorKeys(settings.signIn().secondFactorKey(), data, random);
        this.provider = settings.signIn().openid().map(OpenIdProvider::open);
        this.signIns = new SecretSignIns(
                PostgresSignInStore.ofPasswords(signingIn, keys),
                hashes,
                settings.signIn(),
                clock,
                random,
                log,
                provider.map(it -> it));
        this.sessions = new PostgresSessions(
                database, signingIn, trail, clock, settings.signIn().sessionsEvery());
        this.states =
                new PostgresPersonStates(lookUps, writing, rights, sessions, trail, clock, new Uuid7(clock, random));
        this.devices = new PostgresDevicePasswords(
                writing, trail, sessions, clock, random, settings.signIn().devicePasswordsMax());
        ChosenPasswords chosen = new ChosenPasswords(lookUps, new PasswordRules(settings.signIn()));
        this.provisioning = new PostgresProvisioning(
                writing, clock, new Uuid7(clock, random), hashes, chosen, trail, activations, sessions);
        this.imports = new PostgresImports(
                database.connections("import", SCHEMA, IMPORT_CONNECTIONS),
                clock,
                new Uuid7(clock, random),
                trail,
                activations,
                sessions,
                settings.imports());
        this.importFiles = new PostgresImportFiles(
                database.connections("import-files", SCHEMA, IMPORT_CONNECTIONS),
                imports,
                settings.imports(),
                clock,
                new Uuid7(clock, random));
        this.codes = new PostgresActivationCodes(
                writing,
                new SecretSignIns(
                        PostgresSignInStore.ofCodes(signingIn, keys), hashes, settings.signIn(), clock, random, log),
                signIns,
                provisioning,
                hashes,
                chosen,
                trail,
                sessions,
                clock,
                random,
                settings.activationCodeFor());
        this.factors = new PostgresSecondFactors(writing, trail, sessions, clock, random, keys);
        this.lost = new PostgresLostPasswords(
                writing, signIns, hashes, chosen, trail, activations, sessions, clock, new Uuid7(clock, random));
        this.hidden = new PostgresHiddenFunctions(writing, trail, sessions, clock);
        this.tokens = new PostgresBearerTokens(
                signingIn,
                signIns,
                factors,
                rights,
                clock,
                random,
                settings.apiTokenFor(),
                settings.signIn().secondFactorOfAdministrators());
        this.webSessions = new PostgresWebSessions(signingIn, signIns, trail, clock, random, settings.signIn());
        this.expired = new ExpiredCodes(codes, webSessions);
        this.requests = new PostgresRememberedRequests(writing, clock);
        this.facts = new PostgresPersonalFacts(lookUps, writing, trail, sessions, clock, new Uuid7(clock, random));
        provisioning.projectAll();
        factors.sealAll();
        this.due = new DueChanges(provisioning, requests);
    }

    /**
     * Brings the schema {@code directory} up to date and opens the directory, on connections of its own.
     *
     * @param data the data directory, in which the key of second factors is kept
     * @param trail where changes are written in their transaction, and sign-ins are counted
     * @param activations hears in its transaction of an act that makes accounts active
     * @param clock tells who holds a position now and how long somebody must wait to sign in
     * @param random of salts, keys and ids
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if the program must not run on this schema, or PostgreSQL
     *     allows too few connections
     */
    public static Directories open(
            Database database,
            DirectorySettings settings,
            Path data,
            AuditTrail trail,
            Activations activations,
            Clock clock,
            SecureRandom random) {
        database.migrate(SCHEMA);
        return new Directories(database, settings, data, trail, activations, clock, random);
    }

    /** Look-ups. */
    public Directory directory() {
        return directory;
    }

    /** Mailing lists, as mail asks about them. */
    public MailingLists mailingLists() {
        return lists;
    }

    /** The one way to sign in. */
    public SignIns signIns() {
        return signIns;
    }

    /** The one way to write the directory. */
    public Provisioning provisioning() {
        return provisioning;
    }

    /** What there is, for those who write it. */
    public Register register() {
        return register;
    }

    /** People by the beginning of what is known of them. */
    public PeopleIndex people() {
        return people;
    }

    /** Entities and positions by their names. */
    public StructureIndex structure() {
        return structure;
    }

    /** Which address somebody new would get. */
    public AddressProposals addressProposals() {
        return proposals;
    }

    /** How people's accounts are, for who helps them. */
    public PersonStates personStates() {
        return states;
    }

    /** What belongs to which part of the State. */
    public PartPlaces partPlaces() {
        return places;
    }

    /** Tokens with which programs act for people. */
    public BearerTokens bearerTokens() {
        return tokens;
    }

    /** Sessions of people in a browser. */
    public WebSessions webSessions() {
        return webSessions;
    }

    /** Who may do what. */
    public Rights rights() {
        return rights;
    }

    /** Many at once, out of a file. */
    public Imports imports() {
        return imports;
    }

    /** Files that people bring to be imported. */
    public ImportFiles importFiles() {
        return importFiles;
    }

    /** One-time codes with which people give their accounts a password. */
    public ActivationCodes activationCodes() {
        return codes;
    }

    /** Passwords for one device each. */
    public DevicePasswords devicePasswords() {
        return devices;
    }

    /** Function mailboxes that people have hidden from their own programs. */
    public HiddenFunctions hiddenFunctions() {
        return hidden;
    }

    /** Other passwords for who has lost theirs. */
    public LostPasswords lostPasswords() {
        return lost;
    }

    /** Codes beside the main password. */
    public SecondFactors secondFactors() {
        return factors;
    }

    /** What was opened by signing in on this node. */
    public Sessions sessions() {
        return sessions;
    }

    /** What the directory keeps of a person. */
    public PersonalFacts personalFacts() {
        return facts;
    }

    /** Requests with which nothing is done twice. */
    public RememberedRequests rememberedRequests() {
        return requests;
    }

    /** How many accounts there are, people's and functions', whatever their state. */
    public long accounts() {
        return directory.accounts();
    }

    /** How many password hashes were computed since the directory was opened. */
    public long passwordHashes() {
        return hashes.runs();
    }

    /** Tells what the sign-in log kept back, and hashes no more; the connections are the database's to close. */
    @Override
    public void close() {
        importFiles.close();
        expired.close();
        due.close();
        sessions.close();
        hashes.close();
        provider.ifPresent(OpenIdProvider::close);
        log.close();
    }
}
