#!/bin/bash
# A recorded study, shared out over the tasks of a Slurm array. Copy this file and fill in what follows.
#SBATCH --job-name=study
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60

SHARES=${SHARES:-8} # as in --array above; it stays so when single tasks are submitted again
PROGRAM=${PROGRAM:-target/programs/target/release/report-4-remarks}
STUDY=${STUDY:-report-4-sizes} # the record's name without its .csv

# The time is nearly over: what is done is on the disk, the task queues again and goes on from there.
again() {
    kill -KILL "$program"
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    exit
}
trap again USR1

"$PROGRAM" --study "$STUDY" --share "$SLURM_ARRAY_TASK_ID/$SHARES" &
program=$!
wait "$program"
