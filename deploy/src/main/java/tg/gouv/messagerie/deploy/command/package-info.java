/**
 * The command line, and the socket through which it reaches the running program. What it starts is handed to it as an
 * {@link tg.gouv.messagerie.deploy.command.Assembly}: it knows no part.
 */
@NullMarked
package tg.gouv.messagerie.deploy.command;

import org.jspecify.annotations.NullMarked;
