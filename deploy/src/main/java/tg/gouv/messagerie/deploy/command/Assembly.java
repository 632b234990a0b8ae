package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;

/**
 * How a program is made from its settings: what the command line needs to know of it.
 *
 * @param <S> the root record of the settings
 */
public interface Assembly<S extends Record> {
    /** The root record of the settings. */
    Class<S> settings();

    /** The data directory that the settings name. */
    Path data(S settings);

    /**
     * Starts every part; when this returns, clients are served.
     *
     * <p>Ends soon with any exception when the thread is interrupted. What was started before a failure is closed.
     */
    Running start(S settings, Stages stages);
}
