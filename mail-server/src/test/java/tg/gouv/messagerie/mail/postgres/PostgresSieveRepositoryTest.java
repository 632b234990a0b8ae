package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.james.core.Username;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.ScriptSummary;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import org.apache.james.sieverepository.api.exception.SieveRepositoryException;
import org.apache.james.sieverepository.api.exception.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.filters.ScriptBounds;

/** What we promise of filters beyond James's contract. */
class PostgresSieveRepositoryTest {
    private static final int BYTES_MAX = 20;
    private static final int SCRIPTS_MAX = 3;
    private static final Username AMA = TestStore.user("ama");

    private final TestStore store = new TestStore();
    private final SieveRepository scripts = new PostgresSieveRepository(
            store.connections,
            store.mappers.accounts(),
            store.trail,
            Clock.systemUTC(),
            new ScriptBounds(BYTES_MAX, SCRIPTS_MAX));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsTheExactTextOfAScript() throws Exception {
        String text = "# \u00e9t\u00e9 \u0000 \ud83c\udf34\r\n";
        scripts.putScript(AMA, name("tri"), new ScriptContent(text));
        try (InputStream in = scripts.getScript(AMA, name("tri"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void refusesAScriptOverTheSize() throws Exception {
        scripts.putScript(AMA, name("tri"), new ScriptContent("x".repeat(BYTES_MAX)));
        scripts.haveSpace(AMA, name("tri"), BYTES_MAX);
        assertThatThrownBy(() -> scripts.haveSpace(AMA, name("tri"), BYTES_MAX + 1))
                .isInstanceOf(QuotaExceededException.class);
        assertThatThrownBy(() -> scripts.putScript(AMA, name("tri"), new ScriptContent("x".repeat(BYTES_MAX + 1))))
                .isInstanceOf(QuotaExceededException.class)
                .hasMessageContaining("octets");
    }

    @Test
    void refusesOneScriptTooManyAndStillReplacesAnother() throws Exception {
        for (int i = 0; i < SCRIPTS_MAX; i++) {
            scripts.putScript(AMA, name("s" + i), new ScriptContent("keep;"));
        }
        assertThatThrownBy(() -> scripts.haveSpace(AMA, name("autre"), 1))
                .isInstanceOf(QuotaExceededException.class)
                .hasMessageContaining(SCRIPTS_MAX + " scripts");
        assertThatThrownBy(() -> scripts.putScript(AMA, name("autre"), new ScriptContent("keep;")))
                .isInstanceOf(QuotaExceededException.class)
                .hasMessageContaining(SCRIPTS_MAX + " scripts");
        scripts.putScript(AMA, name("s0"), new ScriptContent("stop;"));
        scripts.putScript(TestStore.user("kofi"), name("autre"), new ScriptContent("keep;"));
        assertThat(scripts.listScripts(AMA)).hasSize(SCRIPTS_MAX);
    }

    @Test
    void holdsTheNumberWhenManyPutAtOnce() throws Exception {
        List<Boolean> taken = atOnce(8, i -> {
            try {
                scripts.putScript(AMA, name("s" + i), new ScriptContent("keep;"));
                return true;
            } catch (QuotaExceededException e) {
                return false;
            }
        });
        assertThat(taken.stream().filter(each -> each)).hasSize(SCRIPTS_MAX);
        assertThat(scripts.listScripts(AMA)).hasSize(SCRIPTS_MAX);
    }

    @Test
    void hasOneActiveScriptWhenManyAreMadeActiveAtOnce() throws Exception {
        for (int i = 0; i < SCRIPTS_MAX; i++) {
            scripts.putScript(AMA, name("s" + i), new ScriptContent("keep;"));
        }
        atOnce(SCRIPTS_MAX, i -> {
            scripts.setActive(AMA, name("s" + i));
            return true;
        });
        assertThat(scripts.listScripts(AMA).stream().filter(ScriptSummary::isActive))
                .hasSize(1);
    }

    @Test
    void keepsTheActiveScriptWhenAnotherOneDoesNotExist() throws Exception {
        scripts.putScript(AMA, name("tri"), new ScriptContent("keep;"));
        scripts.setActive(AMA, name("tri"));
        assertThatThrownBy(() -> scripts.setActive(AMA, name("autre"))).isInstanceOf(SieveRepositoryException.class);
        assertThat(scripts.listScripts(AMA)).containsExactly(new ScriptSummary(name("tri"), true));
    }

    @Test
    void followsTheAccountToItsNewName() throws Exception {
        scripts.putScript(AMA, name("tri"), new ScriptContent("keep;"));
        store.owners.rename(AMA.asString(), TestStore.user("ama.mensah").asString());
        assertThat(scripts.listScripts(TestStore.user("ama.mensah")))
                .containsExactly(new ScriptSummary(name("tri"), false));
    }

    @Test
    void takesNothingForAnAddressThatIsNoAccount() throws Exception {
        Username stranger = Username.of("x@ailleurs.test");
        assertThat(scripts.listScripts(stranger)).isEmpty();
        assertThatThrownBy(() -> scripts.putScript(stranger, name("tri"), new ScriptContent("keep;")))
                .isInstanceOf(StorageException.class);
    }

    private static ScriptName name(String name) {
        return new ScriptName(name);
    }

    @FunctionalInterface
    private interface Numbered {
        boolean run(int number) throws Exception;
    }

    private static List<Boolean> atOnce(int times, Numbered act) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> acts = IntStream.range(0, times)
                    .<Callable<Boolean>>mapToObj(i -> () -> act.run(i))
                    .toList();
            List<Boolean> done = new ArrayList<>();
            for (Future<Boolean> each : threads.invokeAll(acts)) {
                done.add(each.get());
            }
            return done;
        }
    }
}
