"""Question files of other programs: reading them into a course's questions, and writing them.

A format is one module with `read`, which makes Items of a file, and `write`, which makes a file of Asked
questions. Both tell for each question what became of it (`items.Outcome`); nothing is lost in silence. This
package knows `content` only.
"""
