package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;

/**
 * How a program is made from its settings: what the command line needs to know of it.
 *
 * @param <S> the settings
 */
public interface Assembly<S> {
    /** Reads a settings file. */
    S read(Path file);

    /**
     * Reads settings that this program wrote itself.
     *
     * @param name what an error calls the text
     */
    S parse(String name, String text);

    /** The data directory that the settings name. */
    Path data(S settings);

    /**
     * Starts every part; when this returns, clients are served.
     *
     * <p>Ends soon, with any exception, when the thread is interrupted. What was started before a failure is closed.
     */
    Running start(S settings, Stages stages);
}
