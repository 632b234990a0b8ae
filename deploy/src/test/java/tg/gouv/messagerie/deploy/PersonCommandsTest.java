package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest.Said;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** What happens to people, and who may do what, at the command line of a whole program. */
class PersonCommandsTest {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @TempDir
    private static Path folder;

    private static ProgramUnderTest program;
    private static Connections audit;
    private static Directories directories;

    @BeforeAll
    static void start() throws Exception {
        program = new ProgramUnderTest(new ProgramAssembly(), folder, "");
        audit = program.database().connections("test-audit", "platform", 1);
        directories = Directories.open(
                program.database(),
                DirectorySettings.byDefault(),
                folder.resolve("data"),
                new MemoryTrail(),
                (_, _) -> {},
                Clock.systemUTC(),
                new SecureRandom());
        Provisioning provisioning = directories.provisioning();
        provisioning.domain("gouv.tg");
        provisioning.entity(new Entity(new EntityCode("sante"), "Santé", Optional.empty()));
        for (String code : List.of("directeur", "medecin")) {
            provisioning.position(new Position(new PositionCode(code), code, new EntityCode("sante")));
        }
        person("Afi");
        person("Kodjo");
        provisioning.functionMailbox(new FunctionMailbox(
                MailAddress.of("directeur.sante@gouv.tg"), "Directeur", new PositionCode("directeur")));
        provisioning.assignment(new Assignment(MailAddress.of("afi@gouv.tg"), new PositionCode("directeur")));
    }

    private static void person(String given) {
        directories
                .provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, "Agbo"),
                        MailAddress.of(given + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
    }

    @AfterAll
    static void stop() throws Exception {
        directories.close();
        program.close();
    }

    @Test
    void aPositionIsHandedOverAsWasSaidBefore() {
        Said would =
                program.run("hand-over", "directeur", "--from", "afi@gouv.tg", "--to", "kodjo@gouv.tg", "--dry-run");
        assertThat(would.code()).as(would.err()).isZero();
        assertThat(would.out())
                .contains("Cela changerait", "afi@gouv.tg : poste directeur", "kodjo@gouv.tg : poste directeur");
        Said done = program.run("hand-over", "directeur", "--from", "afi@gouv.tg", "--to", "kodjo@gouv.tg");
        assertThat(done.out().lines().skip(1))
                .containsExactlyElementsOf(would.out().lines().skip(1).toList());
        Said again = program.run("hand-over", "directeur", "--from", "afi@gouv.tg", "--to", "kodjo@gouv.tg");
        assertThat(again.code()).isEqualTo(65);
        assertThat(again.err()).contains("afi@gouv.tg n'occupe pas le poste directeur");
        assertThat(audited("directory-assignment"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(each -> each.contains("system-user:"));
    }

    @Test
    void aNameAndAStateAreChanged() {
        person("Ama");
        assertThat(program.run(
                                "person",
                                "rename",
                                "ama@gouv.tg",
                                "--given",
                                "Ama",
                                "--family",
                                "Mensah",
                                "--address",
                                "ama.mensah@gouv.tg")
                        .code())
                .isZero();
        assertThat(program.run("person", "suspend", "ama.mensah@gouv.tg").out()).contains("suspended");
        assertThat(program.run("person", "resume", "ama@gouv.tg").out()).contains("ama.mensah@gouv.tg : active");
        assertThat(program.run("person", "resume", "ama@gouv.tg").out()).contains("Rien à changer");
        assertThat(program.run("reassign", "ama@gouv.tg", "--to", "medecin").out())
                .contains("poste medecin");
        assertThat(program.run("reassign", "ama@gouv.tg", "--to", "Pas Un Code").code())
                .isEqualTo(64);
        assertThat(program.run("reassign", "personne@gouv.tg", "--to", "medecin")
                        .err())
                .contains("personne@gouv.tg");
    }

    @Test
    void everythingOfAPersonIsReadOutIntoAFileOfOnesOwn() throws Exception {
        person("Dela");
        Path file = folder.resolve("dela.zip");
        Said done = program.run("person", "export", "dela@gouv.tg", "--to", file.toString());
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .contains("LISEZ-MOI.txt", "annuaire.json", "annuaire/identity.csv", "acces.csv", "courrier.csv");
        }
        assertThat(audited("directory-person-export")).hasSize(1).allMatch(each -> each.contains("system-user:"));
        assertThat(program.run("person", "export", "dela@gouv.tg", "--to", file.toString())
                        .code())
                .as("it is there")
                .isEqualTo(64);
        Path other = folder.resolve("personne.zip");
        assertThat(program.run("person", "export", "990001", "--to", other.toString())
                        .code())
                .isEqualTo(65);
        assertThat(other).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void whatAPersonSignsInWithIsSeenAndTakenBackAndThePersonReadsOfIt() throws Exception {
        person("Dodji");
        AccountId account = directories
                .register()
                .person(MailAddress.of("dodji@gouv.tg"))
                .orElseThrow()
                .account();
        directories.provisioning().state(account, Account.State.ACTIVE);
        assertThat(program.run("person", "devices", "dodji@gouv.tg").out()).contains("Aucun mot de passe d'appareil");
        DevicePasswords.Issued phone = directories
                .devicePasswords()
                .issue(account, "Téléphone", Set.of(Protocol.SMTP, Protocol.IMAP), Optional.empty());
        assertThat(program.run("person", "devices", "dodji@gouv.tg").out())
                .contains(phone.id().toString(), "Téléphone", "imap,smtp")
                .doesNotContain(phone.password().reveal());
        String id = phone.id().toString();
        assertThat(program.run("person", "devices", "dodji@gouv.tg", "--revoke", id)
                        .out())
                .contains("n'ouvre plus rien");
        assertThat(program.run("person", "devices", "dodji@gouv.tg", "--revoke", id)
                        .code())
                .isEqualTo(65);
        assertThat(directories.devicePasswords().of(account)).isEmpty();

        assertThat(program.run("person", "second-factor-off", "dodji@gouv.tg").out())
                .contains("n'a pas de double authentification");
        Connections directory = program.database().connections("test-directory", "directory", 1);
        directory.autoCommit(c -> Sql.update(
                c,
                "insert into second_factor(account_id, secret, made, confirmed)"
                        + " values (?, decode(repeat('00', 20), 'hex'), now(), now())",
                account.value()));
        assertThat(program.run("person", "second-factor-off", "dodji@gouv.tg").out())
                .contains("n'a plus de double authentification");
        assertThat(program.run("person", "sign-out", "dodji@gouv.tg").out()).contains("plus aucune session");
        assertThat(program.run("person", "sign-out", "personne@gouv.tg").code()).isEqualTo(65);

        String user = System.getProperty("user.name");
        long deadline = System.nanoTime() + 20_000_000_000L;
        Said access = program.run("person", "access", "dodji@gouv.tg");
        while (!access.out().contains("a regardé qui a ouvert votre compte") && System.nanoTime() < deadline) {
            Thread.sleep(200);
            access = program.run("person", "access", "dodji@gouv.tg");
        }
        assertThat(access.out())
                .contains(
                        "L'opérateur " + user + ", sur la machine, a retiré un mot de passe d'appareil.",
                        "L'opérateur " + user + ", sur la machine, a arrêté la double authentification.",
                        "L'opérateur " + user + ", sur la machine, a fermé toutes les sessions.",
                        "L'opérateur " + user + ", sur la machine, a regardé qui a ouvert votre compte.");
        assertThat(program.run("person", "access", "dodji@gouv.tg", "--limit", "1")
                        .out()
                        .lines())
                .hasSize(1);
        assertThat(program.run("person", "access", "dodji@gouv.tg", "--limit", "0")
                        .code())
                .isEqualTo(64);
    }

    @Test
    void somebodyIsFoundLookedAtAndUnlockedAndThePartTellsIt() throws Exception {
        person("Zenabou");
        Said found = program.run("person", "find", "ZÉNAB", "--entity", "sante");
        assertThat(found.code()).isZero();
        assertThat(found.out()).contains("Zenabou", "@gouv.tg", "sante", "active");
        String address = found.out().lines().findFirst().orElseThrow().split("  ", -1)[1];
        assertThat(program.run("person", "find", "zenab", "personne").out()).contains("Personne n'est trouvé");
        assertThat(program.run("person", "find", "%%").code()).isEqualTo(65);
        assertThat(program.run("person", "find", "x".repeat(10_000)).err()).contains("100 caractères");
        assertThat(program.run("person", "find", "z", "--max", "0").code()).isEqualTo(64);
        assertThat(program.run("person", "find", "z", "--entity", "nulle-part").code())
                .isEqualTo(65);
        Said state = program.run("person", "state", address);
        assertThat(state.out()).contains("Compte actif", "Courrier : 0 Mo sur 5120", "Mots de passe faux comptés : 0");
        assertThat(program.run("person", "state", "personne@gouv.tg").code()).isEqualTo(65);
        assertThat(program.run("person", "unlock", address).out()).contains("Rien n'était compté");
        long deadline = System.nanoTime() + 20_000_000_000L;
        String[] part = {"audit", "part", "sante", "--act", "look-state", "--person", address};
        Said told = program.run(part);
        while (!told.out().contains("a regardé l'état du compte de") && System.nanoTime() < deadline) {
            Thread.sleep(200);
            told = program.run(part);
        }
        assertThat(told.out()).contains("L'opérateur " + System.getProperty("user.name"), address);
        assertThat(program.run("audit", "part", "nulle-part").code()).isEqualTo(65);
        assertThat(program.run("audit", "part", "sante", "--max", "0").code()).isEqualTo(64);
    }

    @Test
    void aRoomIsMadeShownAndRemoved() throws Exception {
        String[] set = {
            "room",
            "set",
            "salle.a@gouv.tg",
            "--name",
            "Salle A",
            "--entity",
            "sante",
            "--capacity",
            "12",
            "--feature",
            "visio",
            "--location",
            "Bâtiment B",
            "--open",
            "Mo-Fr 07:00-18:00"
        };
        assertThat(program.run(set).out()).contains("salle.a@gouv.tg est comme");
        assertThat(program.run(set).out()).contains("Rien à changer");
        assertThat(program.run("room", "show", "salle.a@gouv.tg").out())
                .contains(
                        "Salle A, de l'entité sante",
                        "12 places",
                        "Bâtiment B",
                        "visio",
                        "Mo-Fr 07:00-18:00",
                        "tout l'État");
        assertThat(program.run("room", "set", "salle.a@gouv.tg", "--name", "x", "--entity", "sante", "--open", "lundi")
                        .code())
                .isEqualTo(64);
        assertThat(program.run("room", "remove", "salle.a@gouv.tg").out()).contains("ne se réserve plus");
        assertThat(program.run("room", "show", "salle.a@gouv.tg").code()).isEqualTo(65);
        assertThat(audited("directory-room")).hasSize(1).allMatch(each -> each.contains("system-user:"));
    }

    @Test
    void aDomainIsAnEntitysAndAFurtherAddressIsGivenAndTaken() throws Exception {
        person("Mawuli");
        assertThat(program.run("domain", "set", "sante.gouv.tg", "--entity", "sante")
                        .out())
                .contains("comme vous");
        assertThat(program.run("domain", "show").out())
                .contains("sante.gouv.tg : à l'entité sante", "gouv.tg : à tout l'État");
        Said records = ProgramUnderTest.say(
                new ProgramAssembly(),
                "dns",
                "--host",
                "mail.gouv.tg",
                "--settings",
                program.settings().toString());
        assertThat(records.out().replaceAll(" +", " "))
                .as("of each domain; nothing is listened on at a port that is known beforehand")
                .contains("\ngouv.tg. MX 10 mail.gouv.tg.", "\nsante.gouv.tg. MX 10 mail.gouv.tg.")
                .contains("_imaps._tcp.sante.gouv.tg. SRV 0 0 0 .");
        String[] add = {"person", "address", "add", "mawuli@gouv.tg", "m@sante.gouv.tg"};
        assertThat(program.run(add).out()).contains("m@sante.gouv.tg reçoit");
        assertThat(program.run(add).out()).contains("Rien à changer");
        assertThat(program.run("person", "address", "remove", "m@sante.gouv.tg", "m@sante.gouv.tg")
                        .out())
                .contains("ne reçoit plus");
        assertThat(program.run("person", "address", "add", "afi@gouv.tg", "m@sante.gouv.tg")
                        .err())
                .contains("m@sante.gouv.tg");
        assertThat(program.run("person", "address", "remove", "mawuli@gouv.tg", "mawuli@gouv.tg")
                        .err())
                .contains("adresse principale");
        assertThat(audited("directory-address-retired")).hasSize(1);
    }

    @Test
    void whoHasLeftIsErasedWithTheirMail() throws Exception {
        AccountId esi = directories
                .provisioning()
                .person(new Person(
                        Optional.of(new Person.RegistrationNumber("770077")),
                        new PersonName("Esi", "Agbo"),
                        MailAddress.of("esi@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
        audit.autoCommit(c -> Sql.update(
                c,
                "with made as (insert into mail.mailbox(owner_id, namespace, name, uid_validity) values (?, '#private', 'INBOX', 1)"
                        + " returning id, owner_id), counted as (insert into mail.account_counter(owner_id) select owner_id from made)"
                        + " insert into mail.mailbox_counter(mailbox_id) select id from made",
                esi.value()));
        assertThat(program.run("person", "erase", "770077").err()).contains("esi@gouv.tg n'est pas fermé");
        directories.provisioning().state(esi, Account.State.CLOSED);
        assertThat(program.run("person", "erase", "770077").err()).contains("90 jours");
        assertThat(program.run("person", "hold", "770077", "--reason", "enquête 12")
                        .out())
                .contains("esi@gouv.tg : données gelées : enquête 12");
        assertThat(program.run("person", "erase", "770077", "--now").err()).contains("enquête 12");
        assertThat(program.run("person", "release", "770077").out()).contains("levé");
        Said would = program.run("person", "erase", "770077", "--now", "--dry-run");
        assertThat(would.out()).contains("Cela changerait", "adresses effacées", "journal d'audit");
        assertThat(would.out()).doesNotContain("life.change");
        Said done = program.run("person", "erase", "770077", "--now");
        assertThat(done.out().lines().skip(1))
                .containsExactlyElementsOf(would.out().lines().skip(1).toList());
        assertThat(program.run("person", "erase", "770077", "--now").code()).isEqualTo(65);
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (audit.<Boolean, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> true, "select from mail.mailbox where owner_id = ?", esi.value())
                                .isPresent())
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(audit.<List<Integer>, RuntimeException>autoCommit(
                        c -> Sql.query(c, row -> 1, "select from mail.mailbox where owner_id = ?", esi.value())))
                .as("mail follows")
                .isEmpty();
        assertThat(audited("directory-erasure")).hasSize(1);
    }

    @Test
    void whoLeavesIsAnsweredForUntilTheyComeBack() throws Exception {
        person("Yao");
        String[] departs = {
            "person",
            "depart",
            "yao@gouv.tg",
            "--until",
            "2199-12-31",
            "--reader",
            "afi@gouv.tg",
            "--answer",
            "kodjo@gouv.tg"
        };
        Said done = program.run(departs);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).contains("yao@gouv.tg : départ", "yao@gouv.tg : suspended");
        Connections mail = program.database().connections("test-mail", "mail", 1);
        awaited(mail, "Yao Agbo a quitté ses fonctions. Pour une réponse, écrivez à kodjo@gouv.tg.");
        assertThat(program.run(departs).out()).contains("Rien à changer");
        assertThat(program.run("person", "depart", "yao@gouv.tg", "--until", "2001-12-31")
                        .err())
                .contains("yao@gouv.tg fermerait dans le passé");
        assertThat(program.run("person", "resume", "yao@gouv.tg").out()).contains("yao@gouv.tg : retour");
        awaited(mail, "");
    }

    /** Waits until the account that left answers so; with nothing, until nobody answers. */
    private static void awaited(Connections mail, String text) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            String answers = mail.autoCommit(c -> Sql.first(
                            c,
                            row -> row.getString(1),
                            "select coalesce(string_agg(text_body, ''), '') from vacation where enabled"))
                    .orElseThrow();
            if (text.isEmpty() ? answers.isEmpty() : answers.contains(text)) {
                return;
            }
            assertThat(System.nanoTime()).as("answers: " + answers).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void aGroupIsMadeShownGivenAnAddressAndRemoved() {
        String[] makes = {
            "group", "set", "sante.tous", "--name", "Tous", "--entity", "sante", "--member", "people:entity=sante"
        };
        assertThat(program.run(makes).out()).contains("sante.tous est comme vous l'avez dit");
        assertThat(program.run(makes).out()).contains("Rien à changer");
        assertThat(program.run("group", "show", "sante.tous").out())
                .contains("sante.tous : Tous (entité sante)", "people:entity=sante", "afi@gouv.tg", "kodjo@gouv.tg");
        String[] list = {"mailing-list", "set", "tous@gouv.tg", "--group", "sante.tous", "--owner", "afi@gouv.tg"};
        assertThat(program.run(list).out()).contains("tous@gouv.tg remet au groupe sante.tous");
        assertThat(program.run("group", "remove", "sante.tous").err()).contains("tous@gouv.tg");
        assertThat(program.run("mailing-list", "close", "tous@gouv.tg").out()).contains("ne remet plus rien");
        assertThat(program.run("group", "remove", "sante.tous").out()).contains("supprimé");
        assertThat(program.run("group", "show", "sante.tous").code()).isEqualTo(65);
        Said bad = program.run("group", "set", "x", "--name", "X", "--entity", "sante", "--member", "tous");
        assertThat(bad.code()).isEqualTo(64);
        assertThat(bad.err()).contains("« tous » n'est pas un membre");
        assertThat(audited("directory-mailing-list")).hasSize(1);
    }

    @Test
    void everybodyOfAnEntityGetsACodeOnceInAFileOfOnesOwn() throws Exception {
        directories
                .provisioning()
                .entity(new Entity(new EntityCode("pharmacie"), "Pharmacie", Optional.of(new EntityCode("sante"))));
        directories
                .provisioning()
                .person(new Person(
                        Optional.of(new Person.RegistrationNumber("P-1")),
                        new PersonName("Essi", "Agbo"),
                        MailAddress.of("essi@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("pharmacie"))));
        Path file = folder.resolve("codes.csv");
        Said done = program.run("person", "codes", "pharmacie", "--csv", file.toString());
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).contains("1 codes sont dans");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).startsWith("P-1;Essi Agbo;essi@gouv.tg;pharmacie;");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(program.run("person", "codes", "pharmacie", "--csv", file.toString())
                        .code())
                .isEqualTo(64);
        Path second = folder.resolve("autres.csv");
        assertThat(program.run("person", "codes", "pharmacie", "--csv", second.toString())
                        .out())
                .startsWith("0 codes");
        String code = lines.getLast().split(";", -1)[4];
        assertThat(directories
                        .activationCodes()
                        .activate(
                                "essi@gouv.tg",
                                new Secret(code),
                                new Secret("tissage de kente bleu"),
                                InetAddress.getLoopbackAddress()))
                .isInstanceOf(ActivationCodes.Activated.Done.class);
        assertThat(audited("directory-activation-code-issued")).hasSize(1);
        assertThat(program.run(
                                "person",
                                "codes",
                                "nulle-part",
                                "--csv",
                                folder.resolve("rien.csv").toString())
                        .err())
                .contains("nulle-part");
        assertThat(folder.resolve("rien.csv")).doesNotExist();
    }

    @Test
    void lettersAreAPdfThatItsOwnerAloneReadsAndNothingIsWrittenOver() throws IOException {
        directories
                .provisioning()
                .entity(new Entity(new EntityCode("radiologie"), "Radiologie", Optional.of(new EntityCode("sante"))));
        directories
                .provisioning()
                .person(new Person(
                        Optional.of(new Person.RegistrationNumber("R-1")),
                        new PersonName("Yawa", "Ŋkɔ"),
                        MailAddress.of("yao.nko@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("radiologie"))));
        Path file = folder.resolve("lettres.pdf");
        Said done = program.run("person", "letters", "radiologie", "--pdf", file.toString());
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).contains("1 lettres sont dans");
        byte[] pdf = Files.readAllBytes(file);
        assertThat(new String(pdf, StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-1.7")
                .endsWith("%%EOF\n")
                .containsPattern("/Count 2\\b");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(program.run("person", "letters", "radiologie", "--pdf", file.toString(), "--again")
                        .code())
                .isEqualTo(64);
        assertThat(file).hasBinaryContent(pdf);
        Path second = folder.resolve("autres.pdf");
        assertThat(program.run("person", "letters", "radiologie", "--pdf", second.toString())
                        .out())
                .contains("Aucune lettre");
        assertThat(second).doesNotExist();
        assertThat(program.run("person", "letters", "radiologie", "--pdf", second.toString(), "--again")
                        .out())
                .contains("1 lettres");
        assertThat(program.run(
                                "person",
                                "letters",
                                "nulle-part",
                                "--pdf",
                                folder.resolve("rien.pdf").toString())
                        .err())
                .contains("nulle-part");
        assertThat(folder.resolve("rien.pdf")).doesNotExist();
    }

    @Test
    void rightsAreGivenShownAndTakenBack() {
        Said given = program.run(
                "grant",
                "kodjo@gouv.tg",
                "--right",
                "people,state",
                "--entity",
                "sante",
                "--accounts-max",
                "12",
                "--until",
                "2099-12-31");
        assertThat(given.code()).as(given.err()).isZero();
        Matcher id = ID.matcher(given.out());
        assertThat(id.find()).isTrue();
        Said rights = program.run("person", "rights", "kodjo@gouv.tg");
        assertThat(rights.out()).contains(id.group(), "people,state", "sante", "2100-01-01", "12", "system-user:");
        assertThat(program.run("revoke", id.group()).out()).contains("Repris");
        assertThat(program.run("revoke", id.group()).out()).contains("était déjà fini");
        assertThat(program.run("person", "rights", "kodjo@gouv.tg").out()).contains("Aucun droit");
        assertThat(program.run("grant", "kodjo@gouv.tg", "--right", "tout", "--entity", "sante")
                        .code())
                .isEqualTo(64);
        assertThat(program.run("grant", "kodjo@gouv.tg", "--right", "people").err())
                .contains("--whole-state");
        assertThat(program.run("grant", "--right", "people", "--whole-state").err())
                .contains("--position");
        assertThat(audited("directory-grant")).singleElement().asString().contains("people,state@sante");
    }

    private static List<String> audited(String act) {
        return audit.<List<String>, RuntimeException>autoCommit(
                c -> Sql.query(c, row -> row.getString(1), """
                select t.act || ' ' || t.actor || ' ' || coalesce(t.counterpart, '') from audit_pending t where t.act = ?
                union all select t.act || ' ' || t.actor || ' ' || coalesce(t.counterpart, '') from audit_event t where t.act = ?
                """, act, act));
    }
}
