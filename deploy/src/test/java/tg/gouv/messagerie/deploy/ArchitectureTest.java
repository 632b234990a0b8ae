package tg.gouv.messagerie.deploy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The dependency rules of docs/architecture.md. */
class ArchitectureTest {
    private static final String ROOT = "tg.gouv.messagerie.";

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(place -> !place.contains("/portal/templates/")) // made of templates: a page's other half
            .withImportOption(place -> !place.contains("-tests.jar")) // what platform lends to other modules' tests
            .importPackages("tg.gouv.messagerie");

    /** Each capability's packages; the first four of its siblings never see one another. */
    private static final Map<String, List<String>> CAPABILITIES = Map.of(
            "mail-server", List.of("mail"),
            "calendar-service", List.of("calendar", "contacts"),
            "file-sharing", List.of("files"),
            "notifications", List.of("notices", "alerts"));

    /** Where a foreign library may appear, and nowhere else. */
    private static final Map<String, List<String>> LIBRARIES = Map.ofEntries(
            Map.entry("com.zaxxer.hikari..", List.of("platform.database")),
            Map.entry("org.postgresql..", List.of("platform.database")),
            Map.entry("org.flywaydb..", List.of("platform.database")),
            Map.entry("org.tomlj..", List.of("platform.settings")),
            Map.entry("ch.qos.logback..", List.of("platform.log")),
            Map.entry("io.micrometer..", List.of("platform.metrics", "platform.http", "deploy")),
            Map.entry(
                    "org.eclipse.jetty..",
                    List.of("platform.http", "platform.metrics", "directory.admin", "portal..", "deploy")),
            Map.entry("com.google.inject..", List.of("mail.james")),
            Map.entry("org.apache.james..", List.of("mail..")),
            Map.entry("io.netty..", List.of("mail..")),
            Map.entry("reactor..", List.of("mail..")),
            Map.entry("javax.mail..", List.of("mail..")),
            Map.entry("org.xbill..", List.of("mail.transfer.outgoing")),
            Map.entry("picocli..", List.of("deploy.command")),
            Map.entry("org.apache.directory..", List.of("directory.ldap")),
            Map.entry("org.apache.mina..", List.of("directory.ldap")),
            Map.entry("org.openpdf..", List.of("directory.letters")),
            Map.entry("io.nayuki..", List.of("directory.letters", "portal.account")),
            Map.entry("gg.jte..", List.of("portal..")),
            Map.entry("com.nimbusds..", List.of("directory.openid")),
            Map.entry("org.apache.camel..", List.of("deploy.routes")),
            Map.entry("org.apache.commons.codec..", List.of("directory.signin")),
            Map.entry("org.bouncycastle.crypto..", List.of("directory.signin", "directory.postgres")),
            Map.entry("org.bouncycastle.cert..", List.of("platform.tls", "notices..")),
            // Documents are signed where the key is, so that the key never leaves its room.
            Map.entry("org.bouncycastle.cms..", List.of("platform.tls", "notices..")));

    @Test
    void dependenciesPointOneWay() {
        never(
                "platform..",
                "directory..",
                "mail..",
                "calendar..",
                "contacts..",
                "files..",
                "notices..",
                "portal..",
                "deploy..");
        never("directory..", "mail..", "calendar..", "contacts..", "files..", "notices..", "portal..", "deploy..");
        for (List<String> capability : CAPABILITIES.values()) {
            for (String room : capability) {
                never(room + "..", "portal..", "deploy..");
            }
        }
        never("portal..", "deploy..");
    }

    @Test
    void capabilitiesNeverImportOneAnother() {
        CAPABILITIES.forEach((name, rooms) -> CAPABILITIES.forEach((other, others) -> {
            if (!name.equals(other)) {
                rooms.forEach(room ->
                        never(room + "..", others.stream().map(it -> it + "..").toArray(String[]::new)));
            }
        }));
    }

    @Test
    void packagesHaveNoCycles() {
        // The settings of a capability are composed of its rooms' records; that record alone looks down.
        slices().matching("tg.gouv.messagerie.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(simpleName("MailSettings"), simpleNameEndingWith("Settings"))
                .check(PROGRAM);
    }

    @TestFactory
    Stream<DynamicTest> everyLibraryStaysInItsRoom() {
        return LIBRARIES.entrySet().stream()
                .map(library -> DynamicTest.dynamicTest(
                        library.getKey(),
                        () -> noClasses()
                                .that()
                                .resideOutsideOfPackages(library.getValue().stream()
                                        .map(ROOT::concat)
                                        .toArray(String[]::new))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(library.getKey())
                                .check(PROGRAM)));
    }

    @Test
    void onlyTheCommandLineAndALogThatFailsSpeakToTheTerminalAndOnlyMainEndsTheProcess() {
        ArchRule terminal = noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "deploy.command", ROOT + "platform.log")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err");
        ArchRule end = noClasses()
                .that()
                .doNotHaveSimpleName("Messagerie")
                .should()
                .callMethod(System.class, "exit", int.class);

        terminal.check(PROGRAM);
        end.check(PROGRAM);
    }

    @Test
    void exceptionsThatLeaveACapabilityAreUnchecked() {
        classes()
                .that()
                .areAssignableTo(Exception.class)
                .and()
                .arePublic()
                .should()
                .beAssignableTo(RuntimeException.class)
                .check(PROGRAM);
    }

    @Test
    void everyPackageSaysWhatIsNullInItsTypes() {
        List<String> unmarked = PROGRAM.getPackage("tg.gouv.messagerie").getSubpackagesInTree().stream()
                .filter(room -> !room.getClasses().isEmpty())
                .filter(room -> !room.getName().contains(".portal.templates")) // generated
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked).isEmpty();
    }

    private static void never(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(to).map(ROOT::concat).toArray(String[]::new))
                .allowEmptyShould(true)
                .check(PROGRAM);
    }
}
