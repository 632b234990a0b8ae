package tg.gouv.messagerie.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code routes} shows and orders, through the socket of a program. */
class RoutesCommandsTest {
    private static final String USER = System.getProperty("user.name");

    @TempDir
    private Path folder;

    private final Specimen program = new Specimen(List.of());
    private DataDirectory data;
    private ControlState state;
    private ControlServer server;

    @BeforeEach
    void listen() throws IOException {
        data = DataDirectory.take(folder.resolve("data"), DataDirectory.Purpose.DEMO);
        state = new ControlState(data, Clock.systemUTC(), () -> {});
        server = ControlServer.open(data, state);
        state.ready(program);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        data.close();
    }

    @Test
    void showsWhatEveryRouteHasToDoAndDid() {
        Said said = say(Locale.FRENCH, "show");

        assertThat(said.code()).isZero();
        assertThat(said.out())
                .contains(
                        "account-activated (exactement une fois) : default-mailboxes → welcome",
                        "à faire : 3 (le plus ancien attend depuis 12 s) · mis de côté : 0",
                        "faits : 22 depuis une heure, 40 depuis le démarrage · essais manqués : 2 · durée moyenne : 1,5 ms",
                        "dernier essai manqué : 2026-02-01T08:00:00Z java.lang.IllegalStateException: no",
                        "notice-sent : aucune route sur ce nœud");
        assertThat(say(Locale.ENGLISH, "show").out())
                .contains("account-activated (exactly once): default-mailboxes → welcome", "mean time: 1.5 ms");
    }

    @Test
    void showsOneRouteAndSaysWhenThereIsNone() {
        assertThat(say(Locale.FRENCH, "show", "notice-sent").out()).doesNotContain("account-activated");
        Said none = say(Locale.FRENCH, "show", "nonsense");
        assertThat(none.code()).isEqualTo(66);
        assertThat(none.err()).contains("« nonsense »");
    }

    @Test
    void showsDeadLettersWithTheirCause() {
        assertThat(say(Locale.FRENCH, "dead-letters").out())
                .contains(SpecimenRoutes.DEAD + " notice-sent 2026-02-01T08:00:00Z (12 essais) : no such person");
        assertThat(say(Locale.ENGLISH, "dead-letters", "account-activated").out())
                .contains("Nothing was given up.");
        assertThat(say(Locale.FRENCH, "dead-letters", "Not a topic").code()).isEqualTo(64);
    }

    @Test
    void hasOneMessageOrAllOfATopicDoneAgainAndTellsWhoAndWhy() {
        Said one =
                say(Locale.FRENCH, "replay", SpecimenRoutes.DEAD.toString(), "--reason", "la boîte existe à présent");
        Said all = say(Locale.FRENCH, "replay", "--all", "notice-sent", "--reason", "réparé");

        assertThat(one.code()).isZero();
        assertThat(one.out()).contains("Messages repris : 1.");
        assertThat(all.code()).isZero();
        assertThat(program.routes().orders())
                .containsExactly(
                        USER + " replayed " + SpecimenRoutes.DEAD + " because la boîte existe à présent",
                        USER + " replayed all of notice-sent because réparé");
    }

    @Test
    void refusesWhatHasNoReasonOrIsNotThere() {
        String id = SpecimenRoutes.DEAD.toString();

        assertThat(say(Locale.FRENCH, "replay", id).code()).isEqualTo(64);
        assertThat(say(Locale.FRENCH, "replay", id, "--reason", " ").code()).isEqualTo(64);
        assertThat(say(Locale.FRENCH, "replay", id, "--reason", "x".repeat(201)).code())
                .isEqualTo(64);
        assertThat(say(Locale.FRENCH, "replay", id, "--reason", "a\nb").code()).isEqualTo(64);
        assertThat(say(Locale.FRENCH, "replay", "--reason", "x").code()).isEqualTo(64);
        assertThat(say(Locale.FRENCH, "replay", "--all", "notice-sent x", "--reason", "y")
                        .code())
                .isEqualTo(64);
        assertThat(program.routes().orders()).isEmpty();
        assertThat(say(Locale.FRENCH, "replay", new java.util.UUID(1, 1).toString(), "--reason", "x")
                        .code())
                .isEqualTo(66);
    }

    @Test
    void aRequestIsReadAsItWasWritten() {
        for (ControlRequest request : List.of(
                new ControlRequest.Status(),
                new ControlRequest.Routes(),
                new ControlRequest.DeadLetters(Optional.empty(), 7),
                new ControlRequest.ReplayAll("notice-sent", "a b  c"))) {
            assertThat(ControlRequest.of(request.line())).isEqualTo(request);
        }
        for (String line : List.of("", "replay", "replay x", "dead-letters", "status now", "explode")) {
            assertThat(ControlRequest.of(line)).as(line).isEqualTo(new ControlRequest.Unknown());
        }
    }

    @Test
    void aProgramThatStopsSaysSo() {
        state.stopping();

        assertThat(say(Locale.FRENCH, "show").code()).isEqualTo(75);
    }

    private Said say(Locale language, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, Texts.in(language));
        String[] all = Stream.concat(
                        Stream.concat(Stream.of("routes"), Arrays.stream(words)),
                        Stream.of("--data", folder.resolve("data").toString()))
                .toArray(String[]::new);
        int code = Commands.commandLine(terminal, Clock.systemUTC(), new SpecimenAssembly())
                .execute(all);
        return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private record Said(int code, String out, String err) {}
}
