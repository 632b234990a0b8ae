package tg.gouv.messagerie.mail.filters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.james.core.Username;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.managesieve.api.SyntaxException;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.ScriptSummary;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.DuplicateException;
import org.apache.james.sieverepository.api.exception.IsActiveException;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import org.apache.james.sieverepository.api.exception.ScriptNotFoundException;
import org.apache.james.sieverepository.api.exception.SieveRepositoryException;

/** One account's scripts, with the answers of RFC 5804 to what is done to them. */
final class Scripts {
    /** More than anybody keeps by hand. */
    private static final int SCRIPTS_MAX = 50;

    /** RFC 5804 section 1.6: a name of 128 characters is taken. */
    private static final int NAME_MAX = 128;

    private static final String DONE = "OK";

    private final SieveRepository repository;
    private final SieveParser parser;
    private final Username owner;

    Scripts(SieveRepository repository, SieveParser parser, Username owner) {
        this.repository = repository;
        this.parser = parser;
        this.owner = owner;
    }

    /** Something that ends in an answer, or in one of the repository's exceptions. */
    private interface Act {
        String answer() throws SieveRepositoryException, IOException;
    }

    String list() {
        return answer(() -> {
            StringBuilder all = new StringBuilder();
            for (ScriptSummary script : repository.listScripts(owner)) {
                all.append(Answer.string(script.getName().getValue()))
                        .append(script.isActive() ? " ACTIVE\r\n" : "\r\n");
            }
            return all + DONE;
        });
    }

    String get(String name) {
        return answer(() -> {
            try (InputStream script = repository.getScript(owner, name(name))) {
                return Answer.literal(new String(script.readAllBytes(), StandardCharsets.UTF_8)) + "\r\n" + DONE;
            }
        });
    }

    String check(String script) {
        try {
            parser.parse(script);
            return DONE;
        } catch (SyntaxException | RuntimeException e) { // jSieve also throws what it did not foresee
            return Answer.no("Script refuse / Script refused: " + e.getMessage());
        }
    }

    String put(String name, String script) {
        return answer(() -> {
            ScriptName checked = name(name);
            String verdict = check(script);
            if (!verdict.equals(DONE)) {
                return verdict; // RFC 5804 section 2.6: the old script stays
            }
            String space = space(checked, script.getBytes(StandardCharsets.UTF_8).length);
            if (space.equals(DONE)) {
                repository.putScript(owner, checked, new ScriptContent(script));
            }
            return space;
        });
    }

    String haveSpace(String name, String octets) {
        return answer(() -> octets.matches("\\d{1,10}")
                ? space(name(name), Long.parseLong(octets))
                : Answer.no("Taille illisible / Size cannot be read"));
    }

    private String space(ScriptName name, long octets) throws SieveRepositoryException {
        List<ScriptSummary> all = repository.listScripts(owner);
        if (all.size() >= SCRIPTS_MAX
                && all.stream().noneMatch(script -> script.getName().equals(name))) {
            return Answer.no("QUOTA/MAXSCRIPTS", "Trop de scripts / Too many scripts");
        }
        repository.haveSpace(owner, name, octets);
        return DONE;
    }

    /** An empty name makes no script active. */
    String activate(String name) {
        return answer(() -> {
            repository.setActive(owner, name.isEmpty() ? SieveRepository.NO_SCRIPT_NAME : name(name));
            return DONE;
        });
    }

    String delete(String name) {
        return answer(() -> {
            repository.deleteScript(owner, name(name));
            return DONE;
        });
    }

    String rename(String from, String to) {
        return answer(() -> {
            repository.renameScript(owner, name(from), name(to));
            return DONE;
        });
    }

    private static ScriptName name(String name) throws BadName {
        boolean bad = name.isBlank()
                || name.length() > NAME_MAX
                || name.startsWith(".")
                || name.codePoints()
                        .anyMatch(it ->
                                Character.isISOControl(it) || it == '/' || it == '\\' || it == 0x2028 || it == 0x2029);
        if (bad) {
            throw new BadName();
        }
        return new ScriptName(name);
    }

    private static String answer(Act act) {
        try {
            return act.answer();
        } catch (BadName e) {
            return Answer.no("Nom refuse / Name refused");
        } catch (QuotaExceededException e) {
            return Answer.no("QUOTA/MAXSIZE", "Place insuffisante / Not enough space");
        } catch (DuplicateException e) {
            return Answer.no("ALREADYEXISTS", "Ce nom est pris / This name is taken");
        } catch (ScriptNotFoundException e) {
            return Answer.no("NONEXISTENT", "Pas de script de ce nom / No script of that name");
        } catch (IsActiveException e) {
            return Answer.no("ACTIVE", "Ce script est actif / This script is active");
        } catch (SieveRepositoryException | IOException e) {
            throw new FiltersUnavailable(e);
        }
    }

    /** Extensions that scripts may require. */
    static String extensions(SieveParser parser) {
        return String.join(" ", parser.getExtensions()).toLowerCase(Locale.ROOT).strip();
    }

    private static final class BadName extends SieveRepositoryException {
        private static final long serialVersionUID = 1;

        BadName() {
            super("bad name");
        }
    }
}
